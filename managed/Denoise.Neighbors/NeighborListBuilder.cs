using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Neighbors.Cells;

namespace Denoise.Neighbors;

/// <summary>
/// Builds full neighbor lists in O(N): atoms are sorted into cells at least a cutoff wide, and every atom is tested against the
/// 27 cells around it, eight candidates at a time in single precision; double precision settles those near the cutoff, so the
/// list is exactly that of all pairs with |r_j - r_i|^2 &lt; cutoff^2 in double precision. Rows are in the order of the cells, the
/// same for every number of threads. Reused from frame to frame without allocation; one call at a time.
/// </summary>
public sealed unsafe class NeighborListBuilder : IDisposable
{
    /// <summary>More neighbors than this are a mistake: a cutoff in the wrong unit, or atoms in one place.</summary>
    public const int LargestRowAllowed = 1 << 14;

    // Cells are a little wider than the cutoff, so that rounding in the cell number loses no neighbor.
    private const double CellMargin = 1 + 1e-7;

    private static long _lastStamp;

    private readonly WorkerPool _pool;
    private readonly CellGrid _grid;
    private readonly CellGrid? _ownGrid;
    private readonly ListWorker[] _workers;
    private readonly NativeBuffer<ChunkSummary> _summaries = new();
    private readonly WorkerPool.Body _search;

    private int _grain;

    /// <param name="pool">threads, borrowed</param>
    /// <param name="grid">to sort atoms with, borrowed; null: one of its own</param>
    public NeighborListBuilder(WorkerPool pool, CellGrid? grid = null)
    {
        _pool = pool;
        _ownGrid = grid is null ? new CellGrid(pool) : null;
        _grid = grid ?? _ownGrid!;
        _workers = new ListWorker[pool.Count];
        for (int w = 0; w < _workers.Length; w++)
            _workers[w] = new ListWorker();
        _search = Search;
    }

    /// <summary>Bytes of native memory held, those of a borrowed grid not included.</summary>
    public long MemoryBytes =>
        (_ownGrid?.MemoryBytes ?? 0) + _summaries.CapacityBytes + _workers.Sum(worker => worker.MemoryBytes);

    /// <summary>Lists the neighbors of every owned atom.</summary>
    /// <param name="particles">owned and ghost atoms in open space; a coordinate that is not finite has no neighbors</param>
    /// <param name="cutoff">Å, positive and finite</param>
    /// <param name="list">receives the rows and the closest pair</param>
    /// <param name="forSums">whether real numbers are summed over the rows: see <see cref="CellGrid.OrdersRows"/></param>
    /// <exception cref="CoincidentAtomsException">hundreds of atoms are in one place</exception>
    /// <exception cref="InputException">
    /// an atom has more than <see cref="LargestRowAllowed"/> neighbors, or all have more than there is memory for
    /// </exception>
    public void Build(ParticleView particles, double cutoff, NeighborList list, bool forSums = false)
    {
        if (!(cutoff > 0) || !double.IsFinite(cutoff))
            throw new ArgumentOutOfRangeException(nameof(cutoff), cutoff, "the cutoff must be positive and finite");

        list.Begin(particles.LocalCount, cutoff);
        list.LargestBytes = _grid.ListLimit;
        list.IsOrdered = forSums && _grid.OrdersRows;
        list.Stamp = Interlocked.Increment(ref _lastStamp);
        if (particles.LocalCount == 0)
            return;

        _grid.Measure(particles);
        _grid.Sort(cutoff * CellMargin);
        _grid.RefuseCrowds();
        // About 64 chunks for balance; their number must not depend on the number of threads, since each has a closest pair.
        _grain = Math.Max(1, _grid.LineCount / 64);
        _summaries.Resize((_grid.LineCount + _grain - 1) / _grain);
        foreach (ListWorker worker in _workers)
            worker.Begin(_grid, particles, cutoff, list);
        _pool.Run(_grid.LineCount, _grain, _search);
        foreach (ref readonly ChunkSummary summary in _summaries.Span)
        {
            list.PairCount += summary.Pairs;
            list.LargestRow = Math.Max(list.LargestRow, summary.LargestRow);
            if (summary.Closest.Distance < list.ClosestPair.Distance)
                list.ClosestPair = summary.Closest;
        }

        list.Complete(_pool.Count);
    }

    public void Dispose()
    {
        _ownGrid?.Dispose();
        _summaries.Dispose();
        foreach (ListWorker worker in _workers)
            worker.Dispose();
    }

    private void Search(int begin, int end, int worker) => _summaries[begin / _grain] = _workers[worker].Search(begin, end);
}
