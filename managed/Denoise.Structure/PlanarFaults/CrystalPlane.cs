using Denoise.Atoms;

namespace Denoise.Structure.PlanarFaults;

/// <summary>
/// What ranks exchange of an atom: its structure and the normal of the close-packed layers it lies in, where one is singled out.
/// Four reals and no more.
/// </summary>
internal struct CrystalPlane(StructureType type)
{
    /// <summary>Reals.</summary>
    public const int Width = 4;

    // Cosine halfway between parallel layers and two of the other {111} planes, which are 70.5 degrees apart.
    private const double Parallel = 0.81649658092772603;

    private readonly double _type = (double)type;
    private double _x;
    private double _y;
    private double _z;

    public readonly bool IsFcc => _type == (double)StructureType.Fcc;

    public readonly bool IsHcp => _type == (double)StructureType.Hcp;

    /// <summary>Unit vector, of either sign; zero where there is none.</summary>
    public Vec3 Normal
    {
        readonly get => new(_x, _y, _z);
        set => (_x, _y, _z) = (value.X, value.Y, value.Z);
    }

    /// <summary>Whether both have a normal and the layers are parallel.</summary>
    public readonly bool IsParallelTo(in CrystalPlane other) => Math.Abs(Vec3.Dot(Normal, other.Normal)) > Parallel;
}
