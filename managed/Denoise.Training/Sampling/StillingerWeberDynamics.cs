using Denoise.Atoms.Memory;
using Denoise.Training.Batches;

namespace Denoise.Training.Sampling;

/// <summary>
/// Liquids and glasses of atoms that bond: the potential of Stillinger and Weber (Phys. Rev. B 31, 5262, 1985), whose three-body term
/// of strength λ wants tetrahedra. λ = 21 is silicon, 23.15 water, one atom per molecule (Molinero and Moore, J. Phys. Chem. B 113,
/// 4008, 2009), near 0 a simple liquid. Ionic, atoms of one sign repel each other, as in molten salts. Units of its ε, σ and the mass.
/// </summary>
internal sealed unsafe class StillingerWeberDynamics() : LangevinDynamics(TimeStep, Range)
{
    private const double TimeStep = 0.02;

    // Three vibrations, enough for a liquid's local structure.
    private const int Steps = 200;

    private const double Range = 1.8;
    private const double A = 7.049556277;
    private const double B = 0.6022245584;
    private const double Gamma = 1.2;

    // Ions of one sign repel each other as bonded ones do much closer.
    private const double LikeRepulsion = 3;

    // Overlapping atoms must not be thrown far.
    private const double Core = 0.8;
    private const double LargestVelocity = 3;

    // Exponentials have nothing to say so close to the range.
    private const double Edge = 1e-3;

    private const double Tetrahedral = -1.0 / 3;

    // x y z r, h, dh/dr, strength of the repulsion, of the attraction
    private const int BondSize = 8;

    private readonly NativeBuffer<double> _bonds = new();
    private readonly NativeBuffer<int> _neighbors = new();
    private readonly NativeBuffer<double> _forces = new();
    private double _tetrahedrality;
    private bool _isIonic;

    /// <summary>Moves the atoms from where they are, of which none should overlap; the targets stay as they are.</summary>
    /// <param name="cell">positions move; ions have signs by turns</param>
    /// <param name="density">atoms per σ^3: 0.48 in silicon, about 0.8 in simple liquids</param>
    /// <param name="temperature">kT/ε: silicon melts at 0.061</param>
    /// <param name="tetrahedrality">λ</param>
    /// <param name="isIonic">whether atoms have signs</param>
    /// <param name="random">of the thermostat</param>
    public void Melt(TrainingCell cell, double density, double temperature, double tetrahedrality, bool isIonic, ref RandomStream random)
    {
        (_tetrahedrality, _isIonic) = (tetrahedrality, isIonic);
        MoveAll(cell);
        Run(cell, Math.Cbrt(density * cell.Box.Volume / cell.Count), temperature, Steps, ref random);
    }

    public override void Dispose()
    {
        base.Dispose();
        _bonds.Dispose();
        _neighbors.Dispose();
        _forces.Dispose();
    }

    protected override void Accelerate(TrainingCell cell, double a)
    {
        _forces.Resize(3L * cell.Count);
        _forces.Clear();
        for (int i = 0; i < cell.Count; i++)
            AddForces(cell, i, 1 / a);
        for (int c = 0; c < 3 * cell.Count; c++)
            Velocities[c] = Math.Clamp(Velocities[c] + TimeStep * _forces[c], -LargestVelocity, LargestVelocity);
    }

    /// <summary>Potential energy in units of ε: what the forces are the gradient of.</summary>
    internal double Energy(TrainingCell cell, double a, double tetrahedrality, bool isIonic)
    {
        (_tetrahedrality, _isIonic) = (tetrahedrality, isIonic);
        Finder.Find(cell, Range * a);
        Moved.Resize(3L * cell.Count);
        Moved.Clear();
        double energy = 0;
        for (int i = 0; i < cell.Count; i++)
        {
            int count = Bonds(cell, i, 1 / a);
            for (int n = 0; n < count; n++)
            {
                double* bond = _bonds.Pointer + BondSize * n;
                double r = bond[3], inverse = 1 / (r * r);
                energy += 0.5 * A * (bond[6] * B * inverse * inverse - bond[7]) * Math.Exp(1 / (r - Range));
                for (int m = 0; m < n; m++)
                {
                    double* other = _bonds.Pointer + BondSize * m;
                    double t = (bond[0] * other[0] + bond[1] * other[1] + bond[2] * other[2]) / (r * other[3]) - Tetrahedral;
                    energy += _tetrahedrality * t * t * bond[4] * other[4];
                }
            }
        }

        return energy;
    }

    /// <summary>[atoms, 3] forces at the positions of the last <see cref="Energy"/>.</summary>
    internal ReadOnlySpan<double> Forces(TrainingCell cell, double a)
    {
        Velocities.Resize(3L * cell.Count);
        Accelerate(cell, a);
        return _forces.Span;
    }

    /// <summary>The bonds of an atom within the range, from it to the others.</summary>
    private int Bonds(TrainingCell cell, int i, double perUnit)
    {
        int begin = cell.Starts[i], end = cell.Starts[i + 1], count = 0;
        _bonds.Resize((long)BondSize * (end - begin));
        _neighbors.Resize(end - begin);
        double* moved = Moved.Pointer;
        for (int e = begin; e < end; e++)
        {
            int j = cell.Neighbors[e];
            double x = (moved[3 * j] - moved[3 * i] - cell.X[e]) * perUnit, y = (moved[3 * j + 1] - moved[3 * i + 1] - cell.Y[e]) * perUnit;
            double z = (moved[3 * j + 2] - moved[3 * i + 2] - cell.Z[e]) * perUnit, r = Math.Sqrt(x * x + y * y + z * z);
            if (r >= Range - Edge)
                continue;
            double* bond = _bonds.Pointer + BondSize * count;
            (bond[0], bond[1], bond[2], bond[3]) = (x, y, z, r);
            double rest = 1 / (r - Range);
            bond[4] = Math.Exp(Gamma * rest);
            bond[5] = -Gamma * rest * rest * bond[4];
            bool isLike = _isIonic && ((i ^ j) & 1) == 0;
            (bond[6], bond[7]) = isLike ? (LikeRepulsion, 0) : (1, 1);
            _neighbors[count++] = j;
        }

        return count;
    }

    private void AddForces(TrainingCell cell, int i, double perUnit)
    {
        int count = Bonds(cell, i, perUnit);
        double* forces = _forces.Pointer, own = forces + 3 * i;
        for (int n = 0; n < count; n++)
        {
            double* bond = _bonds.Pointer + BondSize * n;
            double r = Math.Max(bond[3], Core), rest = 1 / (r - Range), inverse = 1 / r, fourth = inverse * inverse * inverse * inverse;
            double repulsion = bond[6] * B * fourth;
            // du/dr, towards the other where it is positive.
            double slope = A * Math.Exp(rest) * (-4 * repulsion * inverse - (repulsion - bond[7]) * rest * rest);
            double scale = slope / Math.Max(bond[3], 1e-6);
            for (int c = 0; c < 3; c++)
                own[c] += scale * bond[c];
            double* at = forces + 3 * _neighbors[n];
            for (int m = 0; m < n; m++)
            {
                double* other = _bonds.Pointer + BondSize * m, atOther = forces + 3 * _neighbors[m];
                double u = 1 / bond[3], v = 1 / other[3];
                double cosine = (bond[0] * other[0] + bond[1] * other[1] + bond[2] * other[2]) * u * v, t = cosine - Tetrahedral;
                double both = 2 * _tetrahedrality * t * bond[4] * other[4] * u * v;
                double alongBond = _tetrahedrality * t * t * bond[5] * other[4] * u - both * cosine * u / v;
                double alongOther = _tetrahedrality * t * t * bond[4] * other[5] * v - both * cosine * v / u;
                for (int c = 0; c < 3; c++)
                {
                    double onBond = -(both * other[c] + alongBond * bond[c]), onOther = -(both * bond[c] + alongOther * other[c]);
                    at[c] += onBond;
                    atOther[c] += onOther;
                    own[c] -= onBond + onOther;
                }
            }
        }
    }
}
