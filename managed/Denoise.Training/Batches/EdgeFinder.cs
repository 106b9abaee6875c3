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
        int count = cell.Count;
        int* starts = cell.Starts.Pointer, neighbors = cell.Neighbors.Pointer, owners = _shell.Owners.Pointer;
        float* x = cell.X, y = cell.Y, z = cell.Z;
        double* positions = _shell.Positions.Pointer;
        double shortest = double.PositiveInfinity;
        int e = 0;
        for (int i = 0; i < count; i++)
        {
            double xi = positions[3 * i], yi = positions[3 * i + 1], zi = positions[3 * i + 2];
            starts[i] = e;
            foreach (int j in _list[i].Span)
            {
                double dx = xi - positions[3L * j], dy = yi - positions[3L * j + 1], dz = zi - positions[3L * j + 2];
                (x[e], y[e], z[e]) = ((float)dx, (float)dy, (float)dz);
                neighbors[e] = j < count ? j : owners[j - count];
                shortest = Math.Min(shortest, dx * dx + dy * dy + dz * dz);
                e++;
            }
        }

        starts[count] = e;
        cell.ShortestEdge = Math.Sqrt(shortest);
    }

    /// <summary>Mean distance (Å) to the nearest <paramref name="neighbors"/> atoms, over all atoms.</summary>
    /// <param name="cell">its edges are replaced</param>
    /// <param name="neighbors">more than 0</param>
    public double MeanDistance(TrainingCell cell, int neighbors)
    {
        for (double cutoff = Math.Cbrt(cell.Box.Volume / cell.Count * neighbors); ; cutoff *= 1.2)
        {
            Find(cell, cutoff);
            double sum = 0;
            bool isComplete = true;
            for (int i = 0; i < cell.Count && isComplete; i++)
            {
                int first = cell.Starts[i], count = cell.Starts[i + 1] - first;
                isComplete = count >= neighbors;
                sum += Enumerable.Range(first, count).Select(cell.Length).Order().Take(neighbors).Sum();
            }

            if (isComplete)
                return sum / ((double)cell.Count * neighbors);
        }
    }

    public void Dispose()
    {
        _builder.Dispose();
        _list.Dispose();
        _shell.Dispose();
        _alone.Dispose();
    }
}
