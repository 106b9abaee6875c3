using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Neighbors.Cells;

namespace Denoise.Structure.Analyses;

/// <summary>What analyses borrow for as long as they live.</summary>
/// <param name="Pool">threads</param>
/// <param name="Grid">to sort atoms with</param>
public sealed record AnalysisServices(WorkerPool Pool, CellGrid Grid)
{
    /// <summary>
    /// Reads the frame that a file holds (its first, if there are more), with lengths in Å and types as the host numbers them; the
    /// caller disposes of it. Called on every rank. Null: this program reads no files.
    /// </summary>
    public Func<string, Frame>? ReadReference { get; init; }

    /// <summary>Names of the logits of the model, in order; null: there is none, or it has none.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>That the session's own identification names; empty: not known yet.</summary>
    public IReadOnlyList<NamedStructure> Structures { get; init; } = [];

    /// <summary>Whether the analysis is made only to be asked what it is, before there is a model.</summary>
    public bool IsTrial { get; init; }
}
