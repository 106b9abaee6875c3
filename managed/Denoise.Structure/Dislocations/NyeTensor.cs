using Denoise.Atoms;
using Denoise.Structure.References;

namespace Denoise.Structure.Dislocations;

/// <summary>
/// α = -curl G from the lattice correspondence tensors G of an atom and of its neighbors, whose gradient is fitted by least squares:
/// the Burgers vector, in the axes of the crystal, of the lines along a direction n that pierce an area A across it is A α n.
/// Hartley and Mishin, Acta Materialia 53, 1313 (2005), doi:10.1016/j.actamat.2004.11.027.
/// </summary>
internal ref struct NyeTensor
{
    private Matrix3 _squares;
    private Matrix3 _first;
    private Matrix3 _second;
    private Matrix3 _third;

    /// <summary>Adds a neighbor.</summary>
    /// <param name="vector">to it, Å</param>
    /// <param name="change">of G from the atom to it</param>
    public void Add(Vec3 vector, in Matrix3 change)
    {
        _squares = _squares.Plus(vector, vector);
        (_first, _second, _third) = (_first.Plus(change.X, vector), _second.Plus(change.Y, vector), _third.Plus(change.Z, vector));
    }

    /// <summary>Of the unit of G per Å; false where the neighbors lie in a plane.</summary>
    public readonly bool TryGet(out Matrix3 tensor)
    {
        tensor = default;
        double size = (_squares.X.X + _squares.Y.Y + _squares.Z.Z) / 3;
        if (!(_squares.Determinant > 0.02 * size * size * size))
            return false;
        Matrix3 inverse = _squares.Inverse;
        tensor = new(Curl(_first.Times(inverse)), Curl(_second.Times(inverse)), Curl(_third.Times(inverse)));
        return true;
    }

    /// <summary>Minus the curl of a vector from its gradient, [component, direction].</summary>
    private static Vec3 Curl(in Matrix3 gradient) =>
        new(gradient.Y.Z - gradient.Z.Y, gradient.Z.X - gradient.X.Z, gradient.X.Y - gradient.Y.X);
}
