using Denoise.Atoms.Threading;
using Denoise.Neighbors;

namespace Denoise.Training.Batches;

/// <summary>Finds the edges of training cells, one at a time and on the calling thread: every worker has its own.</summary>
public sealed unsafe class EdgeFinder : IDisposable
{
    private readonly WorkerPool _alone = new(1);
    private readonly GhostShell _shell = new();
    private readonly NeighborListBuilder _builder;
    private readonly NeighborList _list = new();

    public EdgeFinder() => _builder = new(_alone);

    /// <summary>Lists every pair of the cell closer than the cutoff, every periodic image counted, both ways.</summary>
    /// <param name="cell">its edges are replaced</param>
    /// <param name="cutoff">Å</param>
    public void Find(TrainingCell cell, double cutoff)
    {
        _shell.Build(cell.Positions.Pointer, cell.Count, cell.Box, cutoff);
        _builder.Build(_shell.View, cutoff, _list);

        cell.ResizeEdges(checked((int)_list.PairCount));
        int* starts = cell.Starts.Pointer, neighbors = cell.Neighbors.Pointer;
        float* x = cell.X, y = cell.Y, z = cell.Z;
        double* positions = _shell.Positions.Pointer;
        double shortest = double.PositiveInfinity;
        for (int i = 0; i < cell.Count; i++)
        {
            starts[i] = (int)_list.Starts[i];
            for (long e = _list.Starts[i]; e < _list.Starts[i + 1]; e++)
            {
                int j = _list.Indices[e];
                double dx = positions[3 * i] - positions[3L * j], dy = positions[3 * i + 1] - positions[3L * j + 1],
                    dz = positions[3 * i + 2] - positions[3L * j + 2];
                (x[e], y[e], z[e]) = ((float)dx, (float)dy, (float)dz);
                neighbors[e] = j < cell.Count ? j : _shell.Owners[j - cell.Count];
                shortest = Math.Min(shortest, dx * dx + dy * dy + dz * dz);
            }
        }

        starts[cell.Count] = (int)_list.PairCount;
        cell.ShortestEdge = Math.Sqrt(shortest);
    }

    public void Dispose()
    {
        _builder.Dispose();
        _list.Dispose();
        _shell.Dispose();
        _alone.Dispose();
    }
}
