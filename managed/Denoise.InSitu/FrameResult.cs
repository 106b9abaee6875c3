using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.InSitu.Timing;

namespace Denoise.InSitu;

/// <summary>
/// What became of a frame. Owned by the session, valid until its next call. Rows that are not selected, or not seen, hold type 0,
/// their own position and displacement 0. Everything but the arrays and the seconds is equal on all ranks.
/// </summary>
public sealed class FrameResult : IDisposable
{
    private long[] _counts = [];
    private long[] _rawCounts = [];

    internal FrameResult() { }

    /// <summary>That are named.</summary>
    public IReadOnlyList<NamedStructure> Structures { get; private set; } = [];

    /// <summary>[nLocal] numbers of <see cref="Structures"/>, after denoising.</summary>
    public ReadOnlySpan<int> StructureTypes => TypeRows.Span;

    /// <summary>[nLocal] before denoising.</summary>
    public ReadOnlySpan<int> RawStructureTypes => RawTypeRows.Span;

    /// <summary>[nLocal, 3] denoised, host units, near the atom's own image; or how far from it, see SessionOptions.ReturnsMoves.</summary>
    public ReadOnlySpan<double> Positions => PositionRows.Span;

    /// <summary>[nLocal] distance from the atom to its denoised position, host units.</summary>
    public ReadOnlySpan<double> Displacements => DisplacementRows.Span;

    /// <summary>Selected atoms of all ranks, one number for each of <see cref="Structures"/>, after denoising.</summary>
    public ReadOnlySpan<long> Counts => _counts;

    /// <summary>The same before denoising.</summary>
    public ReadOnlySpan<long> RawCounts => _rawCounts;

    /// <summary>Over the selected atoms of all ranks, host units.</summary>
    public double RmsDisplacement { get; internal set; }

    /// <summary>That was used; 1 without a model.</summary>
    public double Scale { get; internal set; }

    /// <summary>Largest predicted displacement of the last iteration, model Å.</summary>
    public double LargestPrediction { get; internal set; }

    /// <summary>Iterations that were done.</summary>
    public int Iterations { get; internal set; }

    public FrameWarnings Warnings { get; internal set; }

    /// <summary>How much of the frame is outside of what the model knows; all 0 without a model.</summary>
    public OutsideCounts Outside { get; internal set; }

    /// <summary>No atom was moved farther from where it was, host units; 0 without a model.</summary>
    public double LargestMove { get; internal set; }

    /// <summary>Of the session's analyses, in the order in which they were asked for.</summary>
    public IReadOnlyList<ResultColumn> Columns { get; internal set; } = [];

    /// <summary>Of the session's analyses, in the order in which they were asked for.</summary>
    public IReadOnlyList<ResultGlobal> Globals { get; internal set; } = [];

    /// <summary>
    /// What the user should know of the analyses and the device, sentence by sentence; as many on all ranks, and of the analyses the same.
    /// </summary>
    public IReadOnlyList<string> Notices => NoticeList;

    /// <summary>Wall time of this rank per stage.</summary>
    public StageTimes Times { get; } = new();

    internal List<string> NoticeList { get; } = [];

    internal NativeBuffer<int> TypeRows { get; } = new();

    internal NativeBuffer<int> RawTypeRows { get; } = new();

    internal NativeBuffer<double> PositionRows { get; } = new();

    internal NativeBuffer<double> DisplacementRows { get; } = new();

    /// <summary>Å, the mean distance to the 13 nearest in the crystal of this density; 0 where it is not known.</summary>
    public double TypicalDistance { get; internal set; }

    internal void Name(IReadOnlyList<NamedStructure> structures) =>
        (Structures, _counts, _rawCounts) = (structures, new long[structures.Count], new long[structures.Count]);

    internal void SetCounts(ReadOnlySpan<long> counts, ReadOnlySpan<long> rawCounts)
    {
        counts.CopyTo(_counts);
        rawCounts.CopyTo(_rawCounts);
    }

    internal void Resize(int localCount)
    {
        TypeRows.Resize(localCount);
        RawTypeRows.Resize(localCount);
        PositionRows.Resize(3L * localCount);
        DisplacementRows.Resize(localCount);
    }

    public void Dispose()
    {
        TypeRows.Dispose();
        RawTypeRows.Dispose();
        PositionRows.Dispose();
        DisplacementRows.Dispose();
    }
}
