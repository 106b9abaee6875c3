using System.Runtime.Intrinsics;
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

    private const int CopyGrain = 1 << 12;

    private static long lastStamp;

    private readonly WorkerPool _pool;
    private readonly CellGrid _grid;
    private readonly CellGrid? _ownGrid;
    private readonly ListWorker[] _workers;
    private readonly NativeBuffer<RowSource> _sources = new();
    private readonly NativeBuffer<AtomPair> _closest = new();
    private readonly WorkerPool.Body _search;
    private readonly WorkerPool.Body _copy;

    private NeighborList? _list;
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
        (_search, _copy) = (Search, CopyRows);
    }

    /// <summary>Bytes of native memory held, those of a borrowed grid not included.</summary>
    public long MemoryBytes =>
        (_ownGrid?.MemoryBytes ?? 0) + _sources.CapacityBytes + _closest.CapacityBytes + _workers.Sum(worker => worker.MemoryBytes);

    /// <summary>Lists the neighbors of every owned atom.</summary>
    /// <param name="particles">owned and ghost atoms in open space; a coordinate that is not finite has no neighbors</param>
    /// <param name="cutoff">Å, positive and finite</param>
    /// <param name="list">receives the rows and the closest pair</param>
    /// <exception cref="InputException">an atom has more than <see cref="LargestRowAllowed"/> neighbors</exception>
    public void Build(ParticleView particles, double cutoff, NeighborList list)
    {
        if (!(cutoff > 0) || !double.IsFinite(cutoff))
            throw new ArgumentOutOfRangeException(nameof(cutoff), cutoff, "the cutoff must be positive and finite");

        int atoms = particles.LocalCount;
        list.Stamp = Interlocked.Increment(ref lastStamp);
        list.AtomCount = atoms;
        list.Cutoff = cutoff;
        list.LargestRow = 0;
        list.ClosestPair = AtomPair.None;
        list.Starts.Resize(atoms + 1L);
        list.Starts[0] = 0;
        list.Indices.Resize(0);
        if (atoms == 0)
            return;

        _grid.Measure(particles);
        _grid.Sort(cutoff * CellMargin);
        _sources.Resize(atoms);
        // About 64 chunks for balance; their number must not depend on the number of threads, since each has a closest pair.
        _grain = Math.Max(1, _grid.LineCount / 64);
        _closest.Resize((_grid.LineCount + _grain - 1) / _grain);
        foreach (ListWorker worker in _workers)
            worker.Begin(_grid, particles, cutoff);

        _list = list;
        _pool.Run(_grid.LineCount, _grain, _search);
        Accumulate(list);
        _pool.Run(atoms, CopyGrain, _copy);
        _list = null;
    }

    public void Dispose()
    {
        _ownGrid?.Dispose();
        _sources.Dispose();
        _closest.Dispose();
        foreach (ListWorker worker in _workers)
            worker.Dispose();
    }

    private void Search(int begin, int end, int worker) =>
        _closest[begin / _grain] = _workers[worker].Search(begin, end, worker, _sources.Pointer);

    private void Accumulate(NeighborList list)
    {
        long* starts = list.Starts.Pointer;
        RowSource* sources = _sources.Pointer;
        long pairs = 0;
        int largest = 0;
        for (int i = 0; i < list.AtomCount; i++)
        {
            int count = sources[i].Count;
            pairs += count;
            largest = Math.Max(largest, count);
            starts[i + 1] = pairs;
        }

        list.LargestRow = largest;
        list.Indices.Resize(pairs);
        for (int chunk = 0; chunk < _closest.Length; chunk++)
        {
            if (_closest[chunk].Distance < list.ClosestPair.Distance)
                list.ClosestPair = _closest[chunk];
        }
    }

    private void CopyRows(int begin, int end, int worker)
    {
        for (int i = begin; i < end; i++)
        {
            RowSource source = _sources.Pointer[i];
            int* from = _workers[source.Worker].Rows + source.Offset, to = _list!.Indices.Pointer + _list.Starts.Pointer[i];
            int k = 0;
            for (; k + 8 <= source.Count; k += 8)
                Vector256.Load(from + k).Store(to + k);
            for (; k < source.Count; k++)
                to[k] = from[k];
        }
    }
}
