using System.Globalization;
using Denoise.Training.Runs;

namespace Denoise.Cli.Training;

/// <summary>What <c>denoise train</c> was asked to do.</summary>
internal sealed record TrainOptions
{
    public required TrainingSettings Settings { get; init; }

    public required TrainingFiles Files { get; init; }

    /// <summary>Names of prototypes.</summary>
    public IReadOnlyList<string> Prototypes { get; init; } = [];

    /// <summary>Files with ideal structures.</summary>
    public IReadOnlyList<string> Structures { get; init; } = [];

    /// <summary>Files of structures with forces, from which is learned instead.</summary>
    public IReadOnlyList<string> Data { get; init; } = [];

    /// <summary>Files of such that are not learned from.</summary>
    public IReadOnlyList<string> HeldOut { get; init; } = [];

    /// <summary>The density at which the published metals were trained: denser than any metal, and "scale auto" undoes it. Å^3</summary>
    public const double DefaultVolume = 9.9;

    /// <summary>Å from an atom of a prototype of one element to the 13 nearest, in the mean; 0: by volume.</summary>
    public double Spacing { get; init; }

    /// <summary>Random stacks of close-packed layers beside the prototypes.</summary>
    public int Stacks { get; init; }

    /// <summary>Names of prototypes that are to be named "none".</summary>
    public IReadOnlyList<string> Decoys { get; init; } = [];

    /// <summary>Model whose weights are the first; empty: random ones.</summary>
    public string Start { get; init; } = "";

    public const int DefaultValidationInterval = 1000;

    /// <summary>Å, of a conservative score; the published one's notebooks have 0.15 Å at noise of up to 0.15 Å.</summary>
    public const double DefaultScoreScale = 0.2;

    /// <summary>Å^2. The logits are a log-density as well, which a larger weight spoils: see the README.</summary>
    public const double ConservativeClassWeight = 0.002;

    /// <summary>Of the prototypes, Å^3 per atom.</summary>
    public double Volume { get; init; } = DefaultVolume;

    /// <summary>Null: all processors.</summary>
    public int? Threads { get; init; }

    public bool Resume { get; init; }

    /// <summary>Whether the files may replace others, which are not inputs.</summary>
    public bool Force { get; init; }

    public int ValidationInterval { get; init; } = DefaultValidationInterval;

    /// <summary>The shortest command that makes the same weights.</summary>
    public string Command
    {
        get
        {
            TrainOptions byDefault = new() { Settings = new() { Forces = Settings.Forces is null ? null : new() }, Files = Files };
            IEnumerable<string> options = Describe().Except(byDefault.Describe()).Select(option => $"--{option.Key} {option.Value}");
            return string.Join(' ', ["denoise train", .. options]);
        }
    }

    /// <summary>Everything that decides about the weights.</summary>
    public IEnumerable<KeyValuePair<string, string>> Describe() => Settings.Forces is not null
        ?
        [
            new("data", string.Join(' ', Data.Select(Path.GetFileName))),
            new("validation", string.Join(' ', HeldOut.Select(Path.GetFileName))),
            .. Start.Length > 0 ? [new("start", Start)] : (KeyValuePair<string, string>[])[],
            .. Settings.Describe(),
        ]
        :
    [
        new("prototypes", string.Join(',', Prototypes)),
        new("structures", string.Join(' ', Structures.Select(Path.GetFileName))),
        new("volume", Volume.ToString(CultureInfo.InvariantCulture)),
        // Not where there are none: a training of before goes on.
        .. Spacing > 0 ? [new("spacing", Spacing.ToString(CultureInfo.InvariantCulture))] : (KeyValuePair<string, string>[])[],
        .. Stacks > 0 ? [new("stacks", Stacks.ToString(CultureInfo.InvariantCulture))] : (KeyValuePair<string, string>[])[],
        .. Decoys.Count > 0 ? [new("decoys", string.Join(',', Decoys))] : (KeyValuePair<string, string>[])[],
        .. Start.Length > 0 ? [new("start", Start)] : (KeyValuePair<string, string>[])[],
        .. Settings.Describe(),
    ];
}
