using Denoise.Networks.Engines.Fused;

namespace Denoise.Training.Batches;

/// <summary>A batch as a fused network reads it, its atoms moved if asked: the edges stay, and their vectors follow.</summary>
internal sealed unsafe class BatchGraph : FusedGraph
{
    private double _farthest;

    /// <summary>Set before it is read.</summary>
    public TrainingBatch Batch { get; set; } = null!;

    /// <summary>[atoms, 3] where each atom is moved to, times <see cref="Step"/>; null: nowhere.</summary>
    public float* Directions { get; private set; }

    /// <summary>What directions are multiplied by.</summary>
    public double Step { get; set; }

    public override int AtomCount => Batch.AtomCount;

    public override int RowCount => Batch.AtomCount;

    public override int* Species => Batch.Species.Pointer;

    public override double* Forces => Batch.Labels is { } labels ? labels.Told.Pointer : null;

    public override double ShortestEdge => Math.Max(0, Batch.ShortestEdge - 2 * Math.Abs(Step) * _farthest);

    /// <param name="directions">[atoms, 3], borrowed; null: the atoms are where they are</param>
    /// <param name="longest">the longest of them, Å</param>
    public void Move(float* directions, double longest)
    {
        Directions = directions;
        (_farthest, Step) = (longest, 0);
    }

    public override bool IsEnd(int atom, int place) => Batch.Starts[atom] + place >= Batch.Starts[atom + 1];

    public override int Read(int atom, ref int place, EdgeScratch edges)
    {
        int first = Batch.Starts[atom] + place, count = Math.Min(EdgeScratch.Capacity, Batch.Starts[atom + 1] - first);
        place += count;
        Copy(Batch.Neighbors.Pointer + first, edges.Neighbors, count);
        Copy(Batch.X + first, edges.X, count);
        Copy(Batch.Y + first, edges.Y, count);
        Copy(Batch.Z + first, edges.Z, count);
        if (Directions != null)
            Shift(atom, edges, count);
        return count;
    }

    private void Shift(int atom, EdgeScratch edges, int count)
    {
        float step = (float)Step;
        float* to = Directions + 3L * atom;
        for (int n = 0; n < count; n++)
        {
            float* from = Directions + 3L * edges.Neighbors[n];
            edges.X[n] += step * (to[0] - from[0]);
            edges.Y[n] += step * (to[1] - from[1]);
            edges.Z[n] += step * (to[2] - from[2]);
        }
    }

    private static void Copy<T>(T* from, T* to, int count)
        where T : unmanaged => new ReadOnlySpan<T>(from, count).CopyTo(new Span<T>(to, count));
}
