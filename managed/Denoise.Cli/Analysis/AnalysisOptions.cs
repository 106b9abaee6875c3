using Denoise.Networks.Checkpoints;

namespace Denoise.Cli.Analysis;

/// <summary>What <c>denoise apply</c> and <c>denoise classify</c> do with a file. Equal on all ranks.</summary>
internal sealed record AnalysisOptions
{
    public required string Input { get; init; }

    /// <summary>Where the frames go; null: nowhere.</summary>
    public string? Output { get; init; }

    /// <summary>Whether the output may replace any file but the inputs.</summary>
    public bool Force { get; init; }

    /// <summary>Checkpoint of the network; null: atoms stay where they are.</summary>
    public string? Model { get; init; }

    /// <summary>What the checkpoint does not say itself.</summary>
    public CheckpointOptions ModelOptions { get; init; } = new();

    public required StructureMethod Method { get; init; }

    public int MaxIterations { get; init; } = InSitu.SessionOptions.DefaultMaxIterations;

    /// <summary>Model Å; negative: never stop early.</summary>
    public double Tolerance { get; init; } = InSitu.SessionOptions.DefaultTolerance;

    /// <summary>Factor on lengths; 0: found from the structure.</summary>
    public double Scale { get; init; }

    /// <summary>Threads per process; null: all processors for one process, one under mpirun.</summary>
    public int? Threads { get; init; }

    /// <summary>Bytes that frames may take in each process; 0: what the machine has.</summary>
    public long MemoryLimit { get; init; }

    /// <summary>Chemical symbol of type t at [t - 1]; empty: as the file says.</summary>
    public IReadOnlyList<string> Elements { get; init; } = [];

    /// <summary>Results as JSON instead of a table.</summary>
    public bool Json { get; init; }

    /// <summary>Everything that is read.</summary>
    public IEnumerable<string> Inputs => new[] { Input, Model, ModelOptions.ConfigPath }.OfType<string>();
}
