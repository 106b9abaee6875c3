using Denoise.Atoms.Threading;
using Denoise.Neighbors.Cells;

namespace Denoise.Neighbors;

/// <summary>
/// Hands every owned atom's nearest neighbors to a visitor, exactly as all pairs in double precision would give them. Atoms are
/// visited cell by cell, so that neighbors are in the cache; cells are as wide as the distance within which most atoms have
/// enough neighbors, found from a sample and remembered for the next frame. That choice affects speed only, never what is found.
/// Reused from frame to frame without allocation; one call at a time.
/// </summary>
/// <typeparam name="TVisitor">what is done with the neighbors</typeparam>
public sealed unsafe class NearestNeighborFinder<TVisitor> : IDisposable
    where TVisitor : struct, INearestVisitor
{
    private readonly WorkerPool _pool;
    private readonly CellGrid _grid;
    private readonly CellGrid? _ownGrid;
    private readonly NearestWorker[] _workers;
    private readonly SearchRadius _radius;
    private readonly WorkerPool.Body _search;

    private TVisitor _visitor;
    private int _localCount;

    /// <param name="pool">threads, borrowed</param>
    /// <param name="grid">to sort atoms with, borrowed; null: one of its own</param>
    public NearestNeighborFinder(WorkerPool pool, CellGrid? grid = null)
    {
        _pool = pool;
        _ownGrid = grid is null ? new CellGrid(pool) : null;
        _grid = grid ?? _ownGrid!;
        _workers = new NearestWorker[pool.Count];
        for (int w = 0; w < _workers.Length; w++)
            _workers[w] = new NearestWorker();
        _radius = new SearchRadius(pool, _grid, _workers);
        _search = Search;
    }

    /// <summary>Bytes of native memory held, those of a borrowed grid not included.</summary>
    public long MemoryBytes => (_ownGrid?.MemoryBytes ?? 0) + _workers.Sum(worker => worker.MemoryBytes);

    /// <summary>Visits every owned atom.</summary>
    /// <param name="particles">owned and ghost atoms in open space; a coordinate that is not finite has no neighbors</param>
    /// <param name="count">neighbors after which a second visit needs no more</param>
    /// <param name="usual">neighbors that usually satisfy the visitor: what the search radius is made for, at most count</param>
    /// <param name="maxDistance">neighbors at this distance, in Å, or further are treated as absent; may be infinite</param>
    /// <param name="visitor">copied; what it collects must be behind pointers</param>
    /// <exception cref="CoincidentAtomsException">hundreds of atoms are in one place</exception>
    public void Run(ParticleView particles, int count, int usual, double maxDistance, TVisitor visitor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(usual, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(usual, count);
        if (!(maxDistance > 0))
            throw new ArgumentOutOfRangeException(nameof(maxDistance), maxDistance, "the largest distance must be positive");
        if (particles.LocalCount == 0)
            return;

        _localCount = particles.LocalCount;
        _visitor = visitor;
        _grid.Measure(particles);
        double radius = _radius.Choose(particles.LocalCount, usual, maxDistance);
        _grid.RefuseCrowds();
        foreach (NearestWorker worker in _workers)
            worker.Begin(_grid, count, radius, maxDistance);
        _pool.Run(_grid.LineCount, Math.Max(1, _grid.LineCount / 128), _search);
        _visitor = default;
    }

    public void Dispose()
    {
        _ownGrid?.Dispose();
        foreach (NearestWorker worker in _workers)
            worker.Dispose();
    }

    private void Search(int first, int last, int worker)
    {
        NearestWorker found = _workers[worker];
        int* atoms = _grid.Atoms.Pointer;
        for (int line = first; line < last; line++)
        {
            int z = line / _grid.CountY, y = line - z * _grid.CountY;
            int* starts = _grid.Starts.Pointer + (long)line * _grid.CountX;
            for (int x = 0; x < _grid.CountX; x++)
            {
                // A stable sort: the owned atoms of a cell come before its ghosts.
                if (starts[x] == starts[x + 1] || atoms[starts[x]] >= _localCount)
                    continue;
                found.EnterCell(x, y, z);
                for (int slot = starts[x]; slot < starts[x + 1] && atoms[slot] < _localCount; slot++)
                {
                    bool isNear = found.FindNear(slot - starts[x]);
                    if (isNear)
                    {
                        NearestNeighbors near = found.Nearest;
                        if (_visitor.Visit(atoms[slot], near, worker) || near.IsFinal)
                            continue;
                    }

                    found.FindMore(slot, x, y, z, ring: isNear ? 2 : 1);
                    _visitor.Visit(atoms[slot], found.Nearest, worker);
                }
            }
        }
    }
}
