using Denoise.Cli.Analysis;

namespace Denoise.Cli.Report;

/// <summary>What <c>denoise report</c> is asked for.</summary>
internal sealed record ReportOptions
{
    /// <summary>Tables and trajectories in any order.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    public required string Output { get; init; }

    /// <summary>Whether the output may replace any file but the inputs.</summary>
    public bool Force { get; init; }

    /// <summary>What is done with the frames of trajectories.</summary>
    public required AnalysisOptions Analysis { get; init; }

    /// <summary>Frames of the view of atoms, at most.</summary>
    public int Scenes { get; init; } = DefaultScenes;

    /// <summary>Atoms of a frame in the view, at most.</summary>
    public int Atoms { get; init; } = DefaultAtoms;

    public string? Title { get; init; }

    public const int DefaultScenes = 5;
    public const int DefaultAtoms = 1_000_000;
}
