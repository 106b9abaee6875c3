using Denoise.Cli.Input;
using Denoise.Devices;
using Denoise.InSitu;
using Denoise.Networks.Checkpoints;
using Denoise.Structure.Analyses;

namespace Denoise.Cli.Analysis;

/// <summary>What <c>denoise analyze</c>, <c>apply</c> and <c>classify</c> do with files. Equal on all ranks.</summary>
internal sealed record AnalysisOptions
{
    /// <summary>Files, read one after the other as one.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Which of their frames.</summary>
    public FrameRange Frames { get; init; } = FrameRange.All;

    /// <summary>Where the frames go; null: nowhere.</summary>
    public string? Output { get; init; }

    /// <summary>Where a line per frame goes; null: nowhere.</summary>
    public string? Csv { get; init; }

    /// <summary>Whether outputs may replace any file but the inputs.</summary>
    public bool Force { get; init; }

    /// <summary>Whether an interruption leaves what was written so far, to go on from.</summary>
    public bool IsResumable { get; init; }

    /// <summary>Whether to go on from there.</summary>
    public bool Resume { get; init; }

    /// <summary>Whether damaged frames are left out.</summary>
    public bool SkipBad { get; init; }

    /// <summary>What processes share.</summary>
    public Split Split { get; init; }

    /// <summary>What else is computed of every frame, in the text form of the catalog.</summary>
    public IReadOnlyList<string> Analyses { get; init; } = [];

    /// <summary>Which frames before it any of them must have seen.</summary>
    public FrameMemory Memory { get; init; }

    /// <summary>What the first atoms of a frame are, and the same number after them, and so on; empty: as the file says.</summary>
    public IReadOnlyList<string> Sites { get; init; } = [];

    /// <summary>File that says what the atoms are; null: the frames say it, or <see cref="Sites"/>.</summary>
    public string? Topology { get; init; }

    /// <summary>Expression of which atoms are written; null: all.</summary>
    public string? Select { get; init; }

    /// <summary>Which columns are written, in this order; empty: all.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>
    /// Whether frames are reported with their numbers, and structure types before denoising are written beside those after it.
    /// </summary>
    public bool IsFull { get; init; }

    /// <summary>Checkpoint of the network; null: atoms stay where they are.</summary>
    public string? Model { get; init; }

    /// <summary>What the checkpoint does not say itself.</summary>
    public CheckpointOptions ModelOptions { get; init; } = new();

    public EngineKind Engine { get; init; }

    /// <summary>Of <see cref="EngineKind.Torch"/>.</summary>
    public string TorchDevice { get; init; } = EngineText.Processor;

    /// <summary>Of <see cref="EngineKind.Simd"/>.</summary>
    public DeviceChoice Device { get; init; } = DeviceChoice.Processor;

    public required StructureMethod Method { get; init; }

    public int MaxIterations { get; init; } = InSitu.SessionOptions.DefaultMaxIterations;

    /// <summary>Model Å; 0: the session's own; negative: all atoms in every iteration.</summary>
    public double Tolerance { get; init; }

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
    public IEnumerable<string> Inputs => Files.Concat(new[] { Model, ModelOptions.ConfigPath, Topology }.OfType<string>());
}
