using Denoise.Atoms.Threading;

namespace Denoise.Neighbors.Cells;

/// <summary>
/// The radius within which most atoms have enough neighbors, and the grid with cells of that width. Sampled: an atom of every
/// few is searched the long way, and the radius is chosen that makes the whole search cheapest by that sample. The next frame
/// starts from the last one's radius, so that usually one sort is enough.
/// </summary>
internal sealed unsafe class SearchRadius
{
    private const int LargestSample = 256;
    private const int SmallestSample = 32;
    private const double CellMargin = 1 + 1e-7;

    // Time of one candidate on the long road over that of one among the 27 cells.
    private const double LongRoadCost = 6;

    // A radius this much above a sampled distance, for the atoms between the samples.
    private const double Roominess = 1.02;

    // Cached: sorting without a comparison allocates one when compiled ahead of time.
    private static readonly Comparison<double> Ascending = static (a, b) => a.CompareTo(b);

    // Atoms of the sample that a thread takes at a time: a few microseconds each.
    private const int Grain = 8;

    private readonly WorkerPool _pool;
    private readonly CellGrid _grid;
    private readonly NearestWorker[] _workers;
    private readonly WorkerPool.Body _measure;
    private readonly double[] _sample = new double[LargestSample];

    private int _sampleSize;
    private int _localCount;
    private int _usual;
    private double _maxDistance;
    private double _last;
    private int _lastUsual;

    public SearchRadius(WorkerPool pool, CellGrid grid, NearestWorker[] workers)
    {
        (_pool, _grid, _workers) = (pool, grid, workers);
        _measure = Measure;
    }

    /// <summary>Sorts the measured atoms of the grid and returns the radius, at most its cells' width.</summary>
    public double Choose(int localCount, int usual, double maxDistance)
    {
        (_localCount, _usual, _maxDistance) = (localCount, usual, maxDistance);
        double radius = _lastUsual == usual && _last > 0 ? _last : Guess(_grid, usual);
        radius = Math.Min(radius, maxDistance);
        for (int attempt = 0; ; attempt++)
        {
            _grid.Sort(radius * CellMargin);
            double better = Math.Min(Cheapest(), maxDistance);
            // Cells that are far too wide or too narrow are sorted again; twice at most, whatever the sample says.
            if ((better < 1.04 * radius && better > 0.9 * radius) || attempt == 2)
                break;
            radius = better;
        }

        (_last, _lastUsual) = (radius, usual);
        return radius;
    }

    private static double Guess(CellGrid grid, int usual) => 1.05 * Math.Cbrt(3 * (usual + 1) / (4 * Math.PI)) * grid.Spacing();

    private double Cheapest()
    {
        foreach (NearestWorker worker in _workers)
            worker.Begin(_grid, _usual, _maxDistance, _maxDistance);
        _sampleSize = Math.Clamp(_grid.Count / 256, SmallestSample, LargestSample);
        _pool.Run(_sampleSize, Grain, _measure);
        int taken = 0;
        for (int s = 0; s < _sampleSize; s++)
        {
            if (double.IsFinite(_sample[s]) && _sample[s] > 0)
                _sample[taken++] = _sample[s];
        }

        // Few atoms and no limit: any radius does, since every search takes the long road.
        if (taken == 0)
            return _grid.Layout.CellSide;
        _sample.AsSpan(0, taken).Sort(Ascending);
        double best = 0, lowest = double.PositiveInfinity;
        for (int step = 0; step <= 16; step++)
        {
            double radius = Roominess * _sample[(taken - 1) * (32 - step) / 32], cost = Cost(radius, taken);
            if (cost < lowest)
                (best, lowest) = (radius, cost);
        }

        return best;
    }

    /// <summary>The distances that atoms of the sample need; 0 for ghosts, which need none.</summary>
    private void Measure(int begin, int end, int worker)
    {
        NearestWorker search = _workers[worker];
        for (int s = begin; s < end; s++)
        {
            int slot = (int)((long)s * _grid.Count / _sampleSize);
            _sample[s] = 0;
            if (_grid.Atoms[slot] >= _localCount)
                continue;
            (int x, int y, int z) = _grid.CellOf(slot);
            search.FindMore(slot, x, y, z);
            NearestNeighbors found = search.Nearest;
            _sample[s] = found.Count == _usual ? Math.Sqrt(found.Squares[_usual - 1]) : _maxDistance;
        }
    }

    /// <summary>Candidates tested with a radius, where an atom's density follows from the distance that it needs.</summary>
    private double Cost(double radius, int taken)
    {
        double cost = 0;
        for (int s = 0; s < taken; s++)
        {
            double ratio = radius / _sample[s], perCell = ratio * ratio * ratio;
            cost += 27 * perCell;
            if (ratio < 1)
            {
                double width = 2 * Math.Ceiling(1 / ratio) + 1;
                cost += LongRoadCost * width * width * width * perCell;
            }
        }

        return cost;
    }
}
