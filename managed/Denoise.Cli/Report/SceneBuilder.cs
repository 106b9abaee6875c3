using Denoise.Atoms;

namespace Denoise.Cli.Report;

/// <summary>Makes a scene of a frame: takes the atoms that it shows, and brings their coordinates to 16 bits.</summary>
internal sealed class SceneBuilder
{
    private const double Steps = ushort.MaxValue;

    // Of the mean distance between atoms: spheres of neighbors in a close-packed crystal almost touch.
    private const double RadiusOfSpacing = 0.53;

    private readonly Frame _frame;
    private readonly int[] _shown;
    private readonly Vec3[] _shifts;

    /// <param name="frame">with the positions before denoising, if there are two</param>
    /// <param name="positions">[atoms, 3] of it</param>
    /// <param name="most">atoms that are shown</param>
    public SceneBuilder(Frame frame, ReadOnlySpan<double> positions, int most)
    {
        _frame = frame;
        _shown = Block(positions, most);
        _shifts = Shifts(positions);
    }

    /// <summary>Whether all atoms are shown.</summary>
    public bool IsWhole => _shown.Length == _frame.Count;

    /// <param name="name">of the file</param>
    /// <param name="spacing">mean distance between atoms</param>
    /// <param name="panes">title, positions [atoms, 3] and places in the list of structures [atoms]</param>
    /// <param name="displacements">[atoms]; null: not known</param>
    public Scene Build(string name, double spacing, IReadOnlyList<(string Title, double[] Positions, ushort[] Structures)> panes,
        double[]? displacements)
    {
        double[][] moved = [.. panes.Select(pane => Moved(pane.Positions))];
        (Vec3 low, Vec3 high) = Ends(moved);
        Vec3 range = new(Width(low.X, high.X), Width(low.Y, high.Y), Width(low.Z, high.Z));
        double largest = displacements is null ? 0 : _shown.Select(i => displacements[i]).DefaultIfEmpty(0).Max();
        return new()
        {
            Name = name,
            Step = _frame.Step,
            Atoms = _frame.Count,
            Low = low,
            Range = range,
            Box = _frame.Box,
            Radius = RadiusOfSpacing * (spacing > 0 ? spacing : 1),
            Ids = [.. _shown.Select(i => _frame.Ids[i] is >= 0 and <= int.MaxValue and long id ? (int)id : 0)],
            Panes = [.. panes.Zip(moved, (pane, positions) => new ScenePane(
                pane.Title, Quantized(positions, low, range), [.. _shown.Select(i => pane.Structures[i])]))],
            LargestDisplacement = largest,
            Displacements = displacements is null || !(largest > 0)
                ? null
                : [.. _shown.Select(i => (byte)Math.Round(displacements[i] / largest * byte.MaxValue))],
        };
    }

    private static double Width(double low, double high) => high - low > 0 ? high - low : 1;

    private static ushort[] Quantized(double[] positions, Vec3 low, Vec3 range)
    {
        ushort[] steps = new ushort[positions.Length];
        for (int k = 0; k < steps.Length; k++)
            steps[k] = (ushort)Math.Round((positions[k] - low[k % 3]) / range[k % 3] * Steps);
        return steps;
    }

    /// <summary>All atoms, or those in a block of the box's shape around its middle: whole crystals, not every third atom.</summary>
    private int[] Block(ReadOnlySpan<double> positions, int most)
    {
        int count = _frame.Count;
        if (count <= most)
            return [.. Enumerable.Range(0, count)];
        // How far from the middle an atom is, in halves of the box, along the edge where that is farthest.
        double[] distances = new double[count];
        int[] order = new int[count];
        for (int i = 0; i < count; i++)
        {
            Vec3 parts = _frame.Box.ToFractional(new(positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]));
            double distance = 0;
            for (int axis = 0; axis < 3; axis++)
                distance = Math.Max(distance, Math.Abs(Wrapped(parts[axis], axis) - 0.5));
            (distances[i], order[i]) = (distance, i);
        }

        Array.Sort(distances, order);
        int[] kept = order[..most];
        Array.Sort(kept);
        return kept;
    }

    /// <summary>What brings atoms back that have been followed across periodic boundaries.</summary>
    private Vec3[] Shifts(ReadOnlySpan<double> positions)
    {
        Vec3[] shifts = new Vec3[_shown.Length];
        for (int k = 0; k < shifts.Length && _frame.Unwrapped; k++)
        {
            int i = _shown[k];
            Vec3 parts = _frame.Box.ToFractional(new(positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]));
            for (int axis = 0; axis < 3; axis++)
                shifts[k] += _frame.Box[axis] * (Wrapped(parts[axis], axis) - parts[axis]);
        }

        return shifts;
    }

    private double Wrapped(double part, int axis) => _frame.Box.IsPeriodic(axis) ? part - Math.Floor(part) : part;

    private double[] Moved(double[] positions)
    {
        double[] moved = new double[3 * _shown.Length];
        for (int k = 0; k < _shown.Length; k++)
            for (int axis = 0; axis < 3; axis++)
                moved[3 * k + axis] = positions[3 * _shown[k] + axis] + _shifts[k][axis];
        return moved;
    }

    private static (Vec3 Low, Vec3 High) Ends(double[][] sets)
    {
        Span<double> low = [double.MaxValue, double.MaxValue, double.MaxValue], high = [double.MinValue, double.MinValue, double.MinValue];
        foreach (double[] positions in sets)
            for (int k = 0; k < positions.Length; k++)
            {
                low[k % 3] = Math.Min(low[k % 3], positions[k]);
                high[k % 3] = Math.Max(high[k % 3], positions[k]);
            }

        return sets[0].Length == 0 ? (default, default) : (new(low[0], low[1], low[2]), new(high[0], high[1], high[2]));
    }
}
