using Denoise.Atoms;
using Denoise.InSitu;

namespace Denoise.Cli.Analysis;

/// <summary>What is said of one frame.</summary>
/// <param name="Step">time step</param>
/// <param name="Atoms">number of atoms</param>
/// <param name="Counts">atoms of each structure; null: not identified</param>
/// <param name="RawCounts">the same before denoising; null where nothing was denoised, too</param>
/// <param name="Iterations">of denoising; 0 without a model</param>
/// <param name="Scale">factor on lengths that was used</param>
/// <param name="RmsDisplacement">in the file's unit of length</param>
/// <param name="Outside">atoms that are outside of what the model knows; null without a model</param>
/// <param name="Warnings">what is to be said of them</param>
internal sealed record FrameSummary(
    long Step, long Atoms, long[]? Counts, long[]? RawCounts, int Iterations, double Scale, double RmsDisplacement,
    OutsideCounts? Outside = null, FrameWarnings Warnings = FrameWarnings.None)
{
    /// <summary>Number among the frames of all inputs, from 0; null: frames are not numbered.</summary>
    public long? Index { get; init; }

    /// <summary>Atoms that are selected; null: all are.</summary>
    public long? Selected { get; init; }

    /// <summary>That are counted; empty: not identified.</summary>
    public IReadOnlyList<NamedStructure> Structures { get; init; } = [];

    /// <summary>What analyses found for the whole frame.</summary>
    public IReadOnlyList<FrameNumber> Globals { get; init; } = [];
}
