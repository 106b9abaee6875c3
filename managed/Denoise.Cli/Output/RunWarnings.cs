using System.Globalization;
using Denoise.Cli.Analysis;
using Denoise.InSitu;

namespace Denoise.Cli.Output;

/// <summary>What a run has to say of frames that its model is not made for: one line per kind, when all frames are done.</summary>
internal sealed class RunWarnings
{
    private static readonly (FrameWarnings Kind, Func<OutsideCounts, long> Count, string Text)[] Kinds =
    [
        (FrameWarnings.Held, counts => counts.Held,
            "would have been moved farther than the model may move any, and were held back: atoms overlap, or the frame is far from " +
            "what the model was trained for"),
        (FrameWarnings.BeyondNoise, counts => counts.BeyondNoise,
            "are predicted to be farther from their places than any in training: the noise is larger than the model knows"),
        (FrameWarnings.OddDensity, counts => counts.OddDensity,
            "have far fewer or more neighbors than atoms in training: the density, or --scale, is not the model's"),
        (FrameWarnings.Unsettled, counts => counts.Unsettled,
            "would still move after the last iteration: raise --steps, or this is a structure that the model does not know"),
        (FrameWarnings.Astray, counts => counts.Astray,
            "were led to other places than first predicted: a structure that the model does not know, or a liquid, may be named wrongly"),
        (FrameWarnings.NothingSeen, _ => 0, "are seen: every type is left out, so that all counts are 0"),
    ];

    private readonly Tally[] _tallies = new Tally[Kinds.Length];
    private long _frames;

    /// <summary>The names of the warnings in JSON.</summary>
    public static IEnumerable<string> Names(FrameWarnings warnings) =>
        from kind in Kinds where warnings.HasFlag(kind.Kind) select JsonName(kind.Kind);

    public void Add(FrameSummary frame)
    {
        _frames++;
        for (int k = 0; k < Kinds.Length; k++)
        {
            if (!frame.Warnings.HasFlag(Kinds[k].Kind) || frame.Outside is not { } outside)
                continue;
            ref Tally tally = ref _tallies[k];
            if (tally.Frames++ == 0)
                (tally.Step, tally.Atoms, tally.Seen) = (frame.Step, Kinds[k].Count(outside), outside.Seen);
        }
    }

    /// <summary>One line for every kind that there was.</summary>
    public IEnumerable<string> Lines()
    {
        for (int k = 0; k < Kinds.Length; k++)
            if (_tallies[k] is { Frames: > 0 } tally)
                yield return string.Create(CultureInfo.InvariantCulture,
                    $"step {tally.Step} ({tally.Frames} of {_frames} frames): {Atoms(tally)} {Kinds[k].Text}.");
    }

    private static string Atoms(in Tally tally) => tally.Seen == 0 ? "no atoms" : $"{tally.Atoms} of {tally.Seen} atoms";

    private static string JsonName(FrameWarnings kind) => kind switch
    {
        FrameWarnings.BeyondNoise => "beyond_noise",
        FrameWarnings.OddDensity => "odd_density",
        FrameWarnings.NothingSeen => "nothing_seen",
        _ => kind.ToString().ToLowerInvariant(),
    };

    private struct Tally
    {
        public long Frames;
        public long Step;
        public long Atoms;
        public long Seen;
    }
}
