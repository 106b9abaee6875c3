using Denoise.Atoms.Memory;
using Denoise.Neighbors;

namespace Denoise.Structure.TemplateMatching;

/// <summary>
/// The neighbors of an atom in two shells: those with the largest faces, and of each those with the largest faces of its own Voronoi
/// cell. All are chosen among the atoms that are listed around the central one, and nothing else is asked of the neighbors: which
/// atoms a rank happens to hold does not matter. An atom that two inner neighbors claim belongs to the one whose face to it has the
/// better rank. Where a choice would be between equals there are no two shells.
/// </summary>
internal sealed unsafe class TwoShells : IDisposable
{
    private const int MostInner = 4;

    private const int Row = TemplateMatcher.WantedOfTwoShells + 8;

    private readonly TopologicalOrder _order = new();
    private readonly NativeBuffer<double> _around = new(4 * Row);
    private readonly NativeBuffer<int> _listed = new(Row);
    private readonly NativeBuffer<int> _ranked = new(MostInner * TopologicalOrder.Most);

    /// <summary>What was chosen: inner neighbors, then the outer ones of each.</summary>
    public Neighborhood Chosen { get; } = new();

    public long MemoryBytes => _order.MemoryBytes + _around.CapacityBytes + _listed.CapacityBytes + _ranked.CapacityBytes
        + Chosen.MemoryBytes;

    /// <summary>Chooses.</summary>
    /// <param name="nearest">around the central atom</param>
    /// <param name="count">of them that are to be used</param>
    /// <param name="central">their order around the central atom</param>
    /// <param name="innerCount">neighbors wanted in the first shell</param>
    /// <param name="outerCount">further ones wanted of each</param>
    /// <returns>false: there are no such shells</returns>
    public bool Choose(in NearestNeighbors nearest, int count, TopologicalOrder central, int innerCount, int outerCount)
    {
        int total = innerCount * (1 + outerCount);
        if (count < total || !central.Ends(innerCount))
            return false;
        ulong claimed = 0;
        for (int inner = 0; inner < innerCount; inner++)
        {
            int neighbor = central.Order[inner];
            claimed |= 1ul << neighbor;
            Put(nearest, inner, neighbor);
        }

        for (int inner = 0; inner < innerCount; inner++)
            if (!Rank(nearest, count, Chosen.Listed[inner], _ranked.Pointer + inner * TopologicalOrder.Most, innerCount))
                return false;

        int found = 0;
        int* taken = stackalloc int[MostInner];
        new Span<int>(taken, MostInner).Clear();
        for (int rank = 0; rank < TopologicalOrder.Most && found < innerCount * outerCount; rank++)
        {
            for (int inner = 0; inner < innerCount; inner++)
            {
                int neighbor = _ranked[inner * TopologicalOrder.Most + rank];
                if (taken[inner] == outerCount || neighbor < 0 || (claimed >> neighbor & 1) != 0)
                    continue;
                claimed |= 1ul << neighbor;
                Put(nearest, innerCount + inner * outerCount + taken[inner]++, neighbor);
                found++;
            }
        }

        if (found < innerCount * outerCount)
            return false;
        Chosen.Complete(total);
        return true;
    }

    public void Dispose()
    {
        _order.Dispose();
        _around.Dispose();
        _listed.Dispose();
        _ranked.Dispose();
        Chosen.Dispose();
    }

    private void Put(in NearestNeighbors nearest, int at, int neighbor)
    {
        Chosen.Listed[at] = neighbor;
        (Chosen.X[at], Chosen.Y[at], Chosen.Z[at]) = (nearest.X[neighbor], nearest.Y[neighbor], nearest.Z[neighbor]);
    }

    /// <summary>The listed atoms around an inner neighbor by the faces they share with it; -1: the central atom, or no more.</summary>
    private bool Rank(in NearestNeighbors nearest, int count, int center, int* ranked, int least)
    {
        double* x = _around.Pointer, y = x + Row, z = y + Row, squares = z + Row;
        int* listed = _listed.Pointer;
        double cx = nearest.X[center], cy = nearest.Y[center], cz = nearest.Z[center];
        int known = 0;
        for (int k = -1; k < count; k++)
        {
            if (k == center)
                continue;
            double dx = (k < 0 ? 0 : nearest.X[k]) - cx, dy = (k < 0 ? 0 : nearest.Y[k]) - cy, dz = (k < 0 ? 0 : nearest.Z[k]) - cz;
            double square = dx * dx + dy * dy + dz * dz;
            int at = known++;
            for (; at > 0 && squares[at - 1] > square; at--)
            {
                (x[at], y[at], z[at], squares[at], listed[at]) = (x[at - 1], y[at - 1], z[at - 1], squares[at - 1], listed[at - 1]);
            }

            (x[at], y[at], z[at], squares[at], listed[at]) = (dx, dy, dz, square, k);
        }

        int used = Math.Min(known, TopologicalOrder.Most);
        if (used < least || !_order.Sort(x, y, z, squares, used) || !_order.Ends(least))
            return false;
        int rank = 0;
        for (; rank < used; rank++)
            ranked[rank] = listed[_order.Order[rank]];
        while (rank < TopologicalOrder.Most)
            ranked[rank++] = -1;
        return true;
    }
}
