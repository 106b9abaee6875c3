using Denoise.Atoms;
using Denoise.Atoms.Memory;

namespace Denoise.Parallel.Decomposition;

/// <summary>
/// Which owned atoms, shifted by how many cells, lie within a distance of which brick. The test is per direction, in fractional
/// coordinates: a brick grows by the distance on every side, edges and corners included, which is never too little.
/// </summary>
internal sealed unsafe class GhostPlan : IDisposable
{
    // Numerical slack on the distance, in fractional coordinates: an atom exactly at the distance may count either way.
    private const double Slack = 1e-9;

    private readonly NativeBuffer<(int Layer, int Cells)>[] _reach = [new(), new(), new()];

    /// <summary>One copy of an owned atom, shifted by whole cells, for one process.</summary>
    public readonly record struct Entry(int Atom, int Target, int X, int Y, int Z);

    public NativeBuffer<Entry> Entries { get; } = new();

    /// <param name="positions">[count, 3] wrapped positions of owned atoms</param>
    /// <param name="most">entries after which there is no point in going on</param>
    /// <returns>false where there would be more</returns>
    public bool Build(in FractionalFrame frame, BrickGrid grid, int ownRank, double* positions, int count, double range, long most)
    {
        Entries.Resize(0);
        Vec3 faces = frame.FaceDistances;
        Vec3 reach = new(range / faces.X + Slack, range / faces.Y + Slack, range / faces.Z + Slack);
        for (int i = 0; i < count; i++)
        {
            Vec3 f = frame.ToFractional(new(positions[3L * i], positions[3L * i + 1], positions[3L * i + 2]));
            if (IsWrapped(frame, f))
                AddCopies(frame, grid, ownRank, i, f, reach);
            if (Entries.Length > most)
                return false;
        }

        return true;
    }

    /// <param name="counts">[processes], written</param>
    public void CountByTarget(Span<long> counts)
    {
        counts.Clear();
        for (long e = 0; e < Entries.Length; e++)
            counts[Entries[e].Target]++;
    }

    public void Dispose()
    {
        Entries.Dispose();
        foreach (var reach in _reach)
            reach.Dispose();
    }

    /// <summary>
    /// False for positions that are not numbers or so large that wrapping them left no digit: whoever uses them reports them.
    /// </summary>
    private static bool IsWrapped(in FractionalFrame frame, Vec3 f)
    {
        for (int axis = 0; axis < 3; axis++)
            if (!(Math.Abs(f[axis]) < (frame.IsPeriodic(axis) ? 2 : double.PositiveInfinity)))
                return false;
        return true;
    }

    private void AddCopies(in FractionalFrame frame, BrickGrid grid, int ownRank, int atom, Vec3 f, Vec3 reach)
    {
        for (int axis = 0; axis < 3; axis++)
            FindLayers(grid.Cuts(axis), f[axis], reach[axis], frame.IsPeriodic(axis), _reach[axis]);
        var (xs, ys, zs) = (_reach[0], _reach[1], _reach[2]);
        // Most atoms are far from every face: their only entry is themselves.
        for (long z = 0; z < zs.Length; z++)
            for (long y = 0; y < ys.Length; y++)
                for (long x = 0; x < xs.Length; x++)
                {
                    int target = grid.Rank(xs[x].Layer, ys[y].Layer, zs[z].Layer);
                    bool itself = target == ownRank && (xs[x].Cells | ys[y].Cells | zs[z].Cells) == 0;
                    if (itself)
                        continue;
                    Entries.Grow(Entries.Length + 1);
                    Entries[Entries.Length - 1] = new(atom, target, xs[x].Cells, ys[y].Cells, zs[z].Cells);
                }
    }

    /// <summary>Layers of one direction, and shifts n, with cut[layer] - reach &lt;= f + n &lt;= cut[layer + 1] + reach.</summary>
    private static void FindLayers(double[] cuts, double f, double reach, bool periodic, NativeBuffer<(int Layer, int Cells)> found)
    {
        found.Resize(0);
        for (int layer = 0; layer + 1 < cuts.Length; layer++)
        {
            double low = cuts[layer] - reach, high = cuts[layer + 1] + reach;
            int first = periodic ? (int)Math.Ceiling(low - f) : 0, last = periodic ? (int)Math.Floor(high - f) : 0;
            for (int cells = first; cells <= last; cells++)
                if (periodic || (f >= low && f <= high))
                {
                    found.Grow(found.Length + 1);
                    found[found.Length - 1] = (layer, cells);
                }
        }
    }
}
