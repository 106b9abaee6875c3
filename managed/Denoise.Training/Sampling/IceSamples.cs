using Denoise.Atoms;
using Denoise.Training.Batches;
using Denoise.Training.Structures;
using Denoise.Training.Structures.Ice;

namespace Denoise.Training.Sampling;

/// <summary>
/// Samples of ices: hydrogens arranged anew, the lattice of the oxygens strained, rigid molecules put on it, each moved and turned as a
/// whole and its atoms moved beside, as far as the network's own last prediction may have left them.
/// </summary>
internal static class IceSamples
{
    // Å from the axis to a hydrogen: what turns noise of positions into noise of angles.
    private const double Arm = 0.8;

    /// <param name="structure">species and classes</param>
    /// <param name="ice">its molecules</param>
    /// <param name="strain">rows of the deformation</param>
    /// <param name="sigma">of every atom alone, Å</param>
    /// <param name="rigid">of whole molecules, Å; their hydrogens turn by as much</param>
    /// <param name="random">draws</param>
    /// <param name="cell">to fill; its edges are still to be found</param>
    public static void Fill(IdealStructure structure, IceLattice ice, Vec3[] strain, double sigma, double rigid, ref RandomStream random,
        TrainingCell cell)
    {
        Vec3 Apply(Vec3 r) => new(Vec3.Dot(strain[0], r), Vec3.Dot(strain[1], r), Vec3.Dot(strain[2], r));
        cell.Resize(structure.Count);
        cell.Box = ice.Box with { A = Apply(ice.Box.A), B = Apply(ice.Box.B), C = Apply(ice.Box.C), Origin = Apply(ice.Box.Origin) };
        int molecules = ice.Oxygens.Length;
        Vec3[] directions = ice.Draw(ref random);
        for (int k = 0; k < molecules; k++)
        {
            (Vec3 first, Vec3 second) = WaterMolecule.Point(Apply(directions[2 * k]), Apply(directions[2 * k + 1]));
            Vec3 at = Apply(ice.Oxygens[k]), shift = Normal(rigid, ref random), turn = Normal(rigid / Arm, ref random);
            Place(cell, 2 * molecules + k, at, shift, sigma, ref random);
            Place(cell, 2 * k, at + first, shift + Turned(first, turn) - first, sigma, ref random);
            Place(cell, 2 * k + 1, at + second, shift + Turned(second, turn) - second, sigma, ref random);
        }

        structure.Classes.CopyTo(cell.Classes.Span);
        structure.Species.CopyTo(cell.Species.Span);
    }

    private static void Place(TrainingCell cell, int atom, Vec3 site, Vec3 moved, double sigma, ref RandomStream random)
    {
        moved += Normal(sigma, ref random);
        for (int axis = 0; axis < 3; axis++)
            (cell.Positions[3 * atom + axis], cell.Targets[3 * atom + axis]) = (site[axis] + moved[axis], (float)moved[axis]);
    }

    private static Vec3 Normal(double sigma, ref RandomStream random) =>
        new(sigma * random.Normal(), sigma * random.Normal(), sigma * random.Normal());

    /// <summary>About the axis by the length of the vector (Rodrigues).</summary>
    private static Vec3 Turned(Vec3 v, Vec3 turn)
    {
        double angle = turn.Length;
        if (angle == 0)
            return v;
        Vec3 axis = turn * (1 / angle);
        (double sine, double cosine) = Math.SinCos(angle);
        return v * cosine + Vec3.Cross(axis, v) * sine + axis * (Vec3.Dot(axis, v) * (1 - cosine));
    }
}
