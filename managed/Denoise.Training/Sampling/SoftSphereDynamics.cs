using System.Runtime.Intrinsics;
using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Training.Batches;

namespace Denoise.Training.Sampling;

/// <summary>
/// Moves atoms of a cell as spheres that repel each other by <c>u(r) = kT Γ^4 (a / r)^12</c>, a^3 being the volume per atom (Hoover
/// et al., J. Chem. Phys. 52, 4931, 1970). The structure depends on Γ alone and is, at Γ = 1.15 where this liquid freezes (Wilding,
/// Mol. Phys. 107, 295, 2009), near to that of simple metals at their melting points. Units of a, kT and the mass.
/// </summary>
internal sealed unsafe class SoftSphereDynamics() : LangevinDynamics(TimeStep, Range)
{
    // A vibration takes about 20 steps. This is long enough for a liquid's local structure, too short for crystals to grow.
    private const double TimeStep = 0.01;
    private const int MeltingSteps = 150;

    // u < 0.01 kT beyond the range.
    private const double Range = 1.6;

    // Overlapping atoms must not be thrown far: forces are those of this distance at least, and five standard deviations of a
    // velocity are enough.
    private const double Core = 0.7;
    private const double LargestVelocity = 5;

    private readonly NativeBuffer<double> _start = new();
    private double _strength;

    /// <summary>
    /// Lets all atoms move for less than a vibration, so that neighbors which the noise has put too close part: displacements of
    /// neighbors are then correlated, as in molecular dynamics. What they moved is added to the targets.
    /// </summary>
    public void Relax(TrainingCell cell, double coupling, int steps, ref RandomStream random)
    {
        MoveAll(cell);
        _start.Resize(3L * cell.Count);
        cell.Positions.Span.CopyTo(_start.Span);
        Run(cell, coupling, steps, ref random);
        for (int c = 0; c < 3 * cell.Count; c++)
            cell.Targets[c] += (float)(cell.Positions[c] - _start[c]);
    }

    /// <summary>
    /// Melts the atoms whose fractional coordinate along an axis lies within a slab, from places at random; the others keep still.
    /// </summary>
    /// <param name="cell">positions and targets of the melt are replaced, the targets by 0: a liquid is to be left alone</param>
    /// <param name="coupling">Γ</param>
    /// <param name="axis">0, 1, 2: the edge across the slab</param>
    /// <param name="fraction">thickness of the slab, part of the cell; from 1 on everything melts</param>
    /// <param name="moltenClass">of the atoms of the melt</param>
    /// <param name="random">draws where the slab begins, and the liquid</param>
    public void Melt(TrainingCell cell, double coupling, int axis, double fraction, int moltenClass, ref RandomStream random)
    {
        Place(cell, axis, fraction, ref random);
        for (int i = 0; i < cell.Count; i++)
            if (Mobile[i])
                cell.Classes[i] = moltenClass;
        Run(cell, coupling, MeltingSteps, ref random);
    }

    public override void Dispose()
    {
        base.Dispose();
        _start.Dispose();
    }

    protected override void Accelerate(TrainingCell cell, double a)
    {
        for (int i = 0; i < cell.Count; i++)
            if (Mobile[i])
                Accelerate(cell, i, _strength, a);
    }

    private void Run(TrainingCell cell, double coupling, int steps, ref RandomStream random)
    {
        // -du/dr / r = kT 12 Γ^4 (a / r)^12 / r^2, with lengths in units of a.
        _strength = 12 * Math.Pow(coupling, 4);
        Run(cell, Math.Cbrt(cell.Box.Volume / cell.Count), temperature: 1, steps, ref random);
    }

    private void Place(TrainingCell cell, int axis, double fraction, ref RandomStream random)
    {
        double begin = random.Uniform();
        Mobile.Resize(cell.Count);
        for (int i = 0; i < cell.Count; i++)
        {
            Vec3 at = cell.Box.ToFractional(new(cell.Positions[3 * i], cell.Positions[3 * i + 1], cell.Positions[3 * i + 2]));
            double depth = at[axis] - begin;
            Mobile[i] = fraction >= 1 || depth - Math.Floor(depth) < fraction;
            if (!Mobile[i])
                continue;
            double across = begin + random.Uniform() * Math.Min(1, fraction), u = random.Uniform(), v = random.Uniform();
            Vec3 position = cell.Box.ToCartesian(axis switch { 0 => new(across, u, v), 1 => new(v, across, u), _ => new(u, v, across) });
            for (int k = 0; k < 3; k++)
                (cell.Positions[3 * i + k], cell.Targets[3 * i + k]) = (position[k], 0);
        }
    }

    /// <summary>
    /// Adds the force on an atom to its velocity. Edges are as listed; what both atoms moved since is added. Four edges at a time,
    /// summed in their order.
    /// </summary>
    private void Accelerate(TrainingCell cell, int i, double strength, double a)
    {
        double* moved = Moved.Pointer, velocity = Velocities.Pointer + 3 * i;
        float* edgeX = cell.X, edgeY = cell.Y, edgeZ = cell.Z;
        int* neighbors = cell.Neighbors.Pointer;
        Vector256<double> ux = Vector256.Create(moved[3 * i]), uy = Vector256.Create(moved[3 * i + 1]);
        Vector256<double> uz = Vector256.Create(moved[3 * i + 2]), perUnit = Vector256.Create(1 / a);
        double fx = 0, fy = 0, fz = 0;
        // The last edges of an atom, filled up with ones beyond the range.
        float* rest = stackalloc float[12];
        int* restNeighbors = stackalloc int[4];
        for (int e = cell.Starts[i], end = cell.Starts[i + 1]; e < end; e += 4)
        {
            float* x4 = edgeX + e, y4 = edgeY + e, z4 = edgeZ + e;
            int* j4 = neighbors + e;
            if (e + 4 > end)
            {
                for (int k = 0; k < 4; k++)
                {
                    bool isEdge = e + k < end;
                    (rest[k], rest[4 + k], rest[8 + k]) = isEdge ? (x4[k], y4[k], z4[k]) : ((float)(2 * Range * a), 0, 0);
                    restNeighbors[k] = isEdge ? j4[k] : i;
                }

                x4 = rest;
                y4 = rest + 4;
                z4 = rest + 8;
                j4 = restNeighbors;
            }

            double* m0 = moved + 3 * j4[0], m1 = moved + 3 * j4[1], m2 = moved + 3 * j4[2], m3 = moved + 3 * j4[3];
            Vector256<double> x = (Widen(x4) + ux - Vector256.Create(m0[0], m1[0], m2[0], m3[0])) * perUnit;
            Vector256<double> y = (Widen(y4) + uy - Vector256.Create(m0[1], m1[1], m2[1], m3[1])) * perUnit;
            Vector256<double> z = (Widen(z4) + uz - Vector256.Create(m0[2], m1[2], m2[2], m3[2])) * perUnit;
            Vector256<double> square = x * x + y * y + z * z;
            Vector256<double> isNear = Vector256.LessThanOrEqual(square, Vector256.Create(Range * Range));
            Vector256<double> inverse = Vector256<double>.One / Vector256.Max(square, Vector256.Create(Core * Core));
            Vector256<double> cube = inverse * inverse * inverse;
            Vector256<double> force = (Vector256.Create(strength) * cube * cube * inverse) & isNear;
            (x, y, z) = (force * x, force * y, force * z);
            fx = fx + x[0] + x[1] + x[2] + x[3];
            fy = fy + y[0] + y[1] + y[2] + y[3];
            fz = fz + z[0] + z[1] + z[2] + z[3];
        }

        velocity[0] = Math.Clamp(velocity[0] + TimeStep * fx, -LargestVelocity, LargestVelocity);
        velocity[1] = Math.Clamp(velocity[1] + TimeStep * fy, -LargestVelocity, LargestVelocity);
        velocity[2] = Math.Clamp(velocity[2] + TimeStep * fz, -LargestVelocity, LargestVelocity);
    }

    private static Vector256<double> Widen(float* four)
    {
        (Vector128<double> low, Vector128<double> high) = Vector128.Widen(Vector128.Load(four));
        return Vector256.Create(low, high);
    }
}
