namespace Denoise.Cli.Training;

/// <summary>What <c>denoise train --maps</c> was asked to do.</summary>
internal sealed record MapTrainOptions
{
    public const int DefaultEpochs = 10;
    public const int DefaultPerFrame = 500;
    public const int DefaultBatch = 64;
    public const double DefaultRate = 2e-3;

    /// <summary>As the user wrote them, CLASS=FILE or FILE.</summary>
    public required IReadOnlyList<string> Maps { get; init; }

    public required string Output { get; init; }

    /// <summary>Weights of the species in a second channel; empty: the network does not tell species apart.</summary>
    public IReadOnlyList<float> SpeciesWeights { get; init; } = [];

    public int Epochs { get; init; } = DefaultEpochs;

    /// <summary>Atoms of a frame that are learned from.</summary>
    public int PerFrame { get; init; } = DefaultPerFrame;

    /// <summary>Images per update.</summary>
    public int Batch { get; init; } = DefaultBatch;

    public double Rate { get; init; } = DefaultRate;

    public int Seed { get; init; } = 1;

    /// <summary>Null: all processors.</summary>
    public int? Threads { get; init; }

    /// <summary>Whether the output may replace a file that is no input.</summary>
    public bool Force { get; init; }
}
