using Denoise.Atoms;
using Denoise.Training.Batches;

namespace Denoise.Training.Sampling;

/// <summary>
/// Opens a cell: a vacuum between its upper and its lower face, or a void in it. Atoms that lose a fifth of their neighbors or more are
/// then a surface, which is none of the structures; those that lose fewer may be named as one likes. Belongs to one thread.
/// </summary>
internal sealed class Opening : IDisposable
{
    // Lengths in spacings.
    private const double NarrowestGap = 1;
    private const double WidestGap = 4;
    private const double SmallestVoid = 1;
    private const double LargestVoid = 2.2;

    // The neighbors that count: those of the first shell, and in open structures of the second.
    private const double Reach = 1.25;

    private const double Surface = 0.2;
    private const double Disturbed = 0.1;

    private readonly EdgeFinder _finder = new();
    private int[] _before = [];

    /// <param name="cell">a crystal; its edges are still to be found</param>
    /// <param name="spacing">Å</param>
    /// <param name="noClass">of surface atoms</param>
    /// <param name="random">draws where and how wide</param>
    public void Open(TrainingCell cell, double spacing, int noClass, ref RandomStream random)
    {
        Count(cell, spacing);
        if (random.Uniform() < 0.5)
            Part(cell, random.Integer(3), spacing * random.Uniform(NarrowestGap, WidestGap));
        else
            Hollow(cell, spacing * random.Uniform(SmallestVoid, LargestVoid), ref random);
        _finder.Find(cell, Reach * spacing);
        for (int i = 0; i < cell.Count; i++)
        {
            double lost = 1 - (double)(cell.Starts[i + 1] - cell.Starts[i]) / Math.Max(1, _before[i]);
            if (lost >= Disturbed)
                cell.Classes[i] = lost >= Surface ? noClass : TrainingCell.Unlabelled;
        }
    }

    public void Dispose() => _finder.Dispose();

    private void Count(TrainingCell cell, double spacing)
    {
        _finder.Find(cell, Reach * spacing);
        if (_before.Length < cell.Count)
            _before = new int[cell.Count];
        for (int i = 0; i < cell.Count; i++)
            _before[i] = cell.Starts[i + 1] - cell.Starts[i];
    }

    private static void Part(TrainingCell cell, int axis, double gap)
    {
        double longer = 1 + gap / cell.Box.FaceDistances[axis];
        // Atoms stay where they are, on the side of the gap that their site is on.
        for (int i = 0; i < cell.Count; i++)
        {
            Vec3 at = new(cell.Positions[3 * i], cell.Positions[3 * i + 1], cell.Positions[3 * i + 2]);
            Vec3 site = at - new Vec3(cell.Targets[3 * i], cell.Targets[3 * i + 1], cell.Targets[3 * i + 2]);
            Vec3 edge = axis switch { 0 => cell.Box.A, 1 => cell.Box.B, _ => cell.Box.C };
            at -= edge * Math.Floor(cell.Box.ToFractional(site)[axis] + 1e-6);
            for (int k = 0; k < 3; k++)
                cell.Positions[3 * i + k] = at[k];
        }

        cell.Box = axis switch
        {
            0 => cell.Box with { A = cell.Box.A * longer },
            1 => cell.Box with { B = cell.Box.B * longer },
            _ => cell.Box with { C = cell.Box.C * longer },
        };
    }

    private void Hollow(TrainingCell cell, double radius, ref RandomStream random)
    {
        Vec3 center = new(random.Uniform(), random.Uniform(), random.Uniform());
        int kept = 0;
        for (int i = 0; i < cell.Count; i++)
        {
            Vec3 f = cell.Box.ToFractional(new(cell.Positions[3 * i], cell.Positions[3 * i + 1], cell.Positions[3 * i + 2])) - center;
            Vec3 d = cell.Box.ToCartesian(new(f.X - Math.Round(f.X), f.Y - Math.Round(f.Y), f.Z - Math.Round(f.Z))) - cell.Box.Origin;
            // One atom always stays.
            if (d.Length < radius && kept + cell.Count - i > 1)
                continue;
            _before[kept] = _before[i];
            cell.Move(i, kept++);
        }

        cell.Truncate(kept);
    }
}
