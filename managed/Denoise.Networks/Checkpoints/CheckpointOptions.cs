using Denoise.Networks.Models;

namespace Denoise.Networks.Checkpoints;

/// <summary>
/// What the caller knows about a network better than its file. A value given here goes before the file's own, which goes before
/// what the tensors imply. Most files need none; a bare state dict needs <see cref="Cutoff"/> and <see cref="NeighborCount"/>.
/// Messages call the options <c>hidden</c>, <c>edge</c>, <c>output</c>, <c>cutoff</c> and <c>neighbors</c>.
/// </summary>
public sealed record CheckpointOptions
{
    /// <summary>A JSON file with the configuration; else <c>FILE.json</c> or FILE with its extension replaced is looked for.</summary>
    public string? ConfigPath { get; init; }

    /// <summary>Node features between layers, e.g. <c>8x0e+8x1e+4x2e</c>; config key <c>hidden</c>.</summary>
    public string? Hidden { get; init; }

    /// <summary>Spherical harmonics of an edge, e.g. <c>1x0e+1x1e+1x2e</c>; config key <c>edge</c>.</summary>
    public string? Edge { get; init; }

    /// <summary>Prediction per atom, e.g. <c>1x1e</c>; config key <c>out</c>.</summary>
    public string? Output { get; init; }

    /// <summary>Cutoff of the graph in model Å; config key <c>rc</c>.</summary>
    public double? Cutoff { get; init; }

    /// <summary>Z of 1/sqrt(Z); config key <c>Z</c>.</summary>
    public double? NeighborCount { get; init; }

    /// <summary>How the radial weights end at the cutoff; config key <c>envelope</c>.</summary>
    public CutoffEnvelope? Envelope { get; init; }

    /// <summary>Chemical symbols in the order of the embedding; config key <c>species</c>.</summary>
    public IReadOnlyList<string>? Species { get; init; }

    /// <summary>See <see cref="NequipConfig.ScaleLength"/>; config key <c>scale_length</c>.</summary>
    public double? ScaleLength { get; init; }

    /// <summary>See <see cref="NequipConfig.ScaleNeighbors"/>; config key <c>scale_neighbors</c>.</summary>
    public int? ScaleNeighbors { get; init; }
}
