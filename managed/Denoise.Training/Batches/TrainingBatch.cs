using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Networks.Models;
using Denoise.Training.Forces;

namespace Denoise.Training.Batches;

/// <summary>Cells side by side as one graph without edges between them. Every pair is there both ways.</summary>
public sealed unsafe class TrainingBatch : IDisposable
{
    // Vectors are read whole past the last edge of an atom.
    private const int Slack = 64;

    private readonly NativeBuffer<float> _vectors = new();
    private long _stride;

    public int AtomCount { get; private set; }

    public int EdgeCount { get; private set; }

    /// <summary>Å; infinite without edges.</summary>
    public double ShortestEdge { get; private set; }

    /// <summary>[AtomCount]</summary>
    public NativeBuffer<int> Species { get; } = new();

    /// <summary>[AtomCount, 3] Å</summary>
    public NativeBuffer<float> Targets { get; } = new();

    /// <summary>[AtomCount] class, or <see cref="TrainingCell.Unlabelled"/></summary>
    public NativeBuffer<int> Classes { get; } = new();

    /// <summary>Atoms that have a class.</summary>
    public int LabelledCount { get; private set; }

    /// <summary>[AtomCount, 3] targets less predictions, Å; there once the batch has been evaluated.</summary>
    public NativeBuffer<float> Residuals { get; } = new();

    /// <summary>Those of the cells; null: they have none.</summary>
    public ForceLabels? Labels { get; private set; }

    /// <summary>[AtomCount + 1] first edge of every atom</summary>
    public NativeBuffer<int> Starts { get; } = new();

    /// <summary>[EdgeCount] atom at the other end</summary>
    public NativeBuffer<int> Neighbors { get; } = new();

    /// <summary>[EdgeCount] components of r_atom - r_neighbor, Å</summary>
    public float* X => _vectors.Pointer;

    public float* Y => _vectors.Pointer + _stride;

    public float* Z => _vectors.Pointer + 2 * _stride;

    /// <summary>Copies the cells one behind the other.</summary>
    public void Assemble(params ReadOnlySpan<TrainingCell> cells)
    {
        (AtomCount, EdgeCount, ShortestEdge) = (0, 0, double.PositiveInfinity);
        foreach (TrainingCell cell in cells)
        {
            AtomCount += cell.Count;
            EdgeCount = checked(EdgeCount + cell.EdgeCount);
            ShortestEdge = Math.Min(ShortestEdge, cell.ShortestEdge);
        }

        Species.Resize(AtomCount);
        Targets.Resize(3L * AtomCount);
        Classes.Resize(AtomCount);
        Residuals.Resize(3L * AtomCount);
        Starts.Resize(AtomCount + 1L);
        Neighbors.Resize(EdgeCount + (long)Slack);
        _stride = EdgeCount + Slack;
        _vectors.Resize(3 * _stride);

        if (!cells.IsEmpty && cells[0].Labels is not null)
            (Labels ??= new()).Resize(AtomCount);
        int atom = 0, edge = 0;
        foreach (TrainingCell cell in cells)
        {
            cell.Species.Span.CopyTo(Species.Span[atom..]);
            cell.Classes.Span.CopyTo(Classes.Span[atom..]);
            cell.Targets.Span.CopyTo(Targets.Span[(3 * atom)..]);
            if (cell.Labels is { } labels)
                Labels!.Append(labels, atom);
            for (int i = 0; i < cell.Count; i++)
                Starts[atom + i] = cell.Starts[i] + edge;
            for (int e = 0; e < cell.EdgeCount; e++)
                Neighbors[edge + e] = cell.Neighbors[e] + atom;
            Copy(cell.X, X + edge, cell.EdgeCount);
            Copy(cell.Y, Y + edge, cell.EdgeCount);
            Copy(cell.Z, Z + edge, cell.EdgeCount);
            atom += cell.Count;
            edge += cell.EdgeCount;
        }

        Starts[AtomCount] = EdgeCount;
        LabelledCount = AtomCount - Classes.Span.Count(TrainingCell.Unlabelled);
        for (int component = 0; component < 3; component++)
            new Span<float>(_vectors.Pointer + component * _stride + EdgeCount, Slack).Clear();
        new Span<int>(Neighbors.Pointer + EdgeCount, Slack).Clear();
    }

    /// <summary>Refuses what a network does not know.</summary>
    /// <exception cref="InputException">an atom has a species or a class that is not among those of the network</exception>
    internal void Check(NequipModel model)
    {
        for (int i = 0; i < AtomCount; i++)
            if ((uint)Species[i] >= (uint)model.SpeciesCount)
                throw new InputException($"Atom {i} of the batch has species {Species[i]}, but the network knows " +
                    $"{model.SpeciesCount} species (counted from 0).");
        if (model.IndexOfHead(Head.Logits) is not (int head and >= 0))
            return;
        int classes = model.Heads[head].Dimension;
        for (int i = 0; i < AtomCount; i++)
            if (Classes[i] < TrainingCell.Unlabelled || Classes[i] >= classes)
                throw new InputException($"Atom {i} of the batch is of class {Classes[i]}, but the network knows {classes} " +
                    "(counted from 0).");
    }

    public void Dispose()
    {
        _vectors.Dispose();
        Species.Dispose();
        Targets.Dispose();
        Classes.Dispose();
        Residuals.Dispose();
        Starts.Dispose();
        Neighbors.Dispose();
        Labels?.Dispose();
    }

    private static void Copy(float* from, float* to, int count) => new ReadOnlySpan<float>(from, count).CopyTo(new Span<float>(to, count));
}
