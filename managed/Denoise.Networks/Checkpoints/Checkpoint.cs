using Denoise.Atoms;
using Denoise.Networks.Models;

namespace Denoise.Networks.Checkpoints;

/// <summary>
/// A network out of a PyTorch file: our own checkpoints, state dicts, training checkpoints and whole modules as their authors
/// saved them. Nothing in the file is executed.
/// </summary>
public sealed class Checkpoint
{
    internal Checkpoint(
        CheckpointKind kind, StateDict tensors, NequipConfig config, bool scaleAssumed, IReadOnlyDictionary<string, string> metadata)
    {
        (Kind, Tensors, Config, ScaleAssumed, Metadata) = (kind, tensors, config, scaleAssumed, metadata);
    }

    public CheckpointKind Kind { get; }

    /// <summary>Weights under e3nn's names, e.g. <c>interactions.0.first.lin1.weight</c>.</summary>
    public StateDict Tensors { get; }

    public NequipConfig Config { get; }

    /// <summary>
    /// Whether <see cref="NequipConfig.ScaleLength"/> was set by rule, because the file does not hold one: 2.483 Å at 13 neighbors
    /// for a network of one species that predicts a vector with a cutoff of 3.2 Å. That is the mean distance to the 13 nearest
    /// atoms at the training density of the published metal denoisers.
    /// </summary>
    public bool ScaleAssumed { get; }

    /// <summary>What else the file says in plain values: its own metadata, or epoch and loss of a training checkpoint.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>What <see cref="CheckpointOptions"/> say otherwise than the file: "cutoff: 5 is used, where the file says 3.2".</summary>
    public IReadOnlyList<string> Overridden { get; internal init; } = [];

    /// <summary>The file.</summary>
    public string Source => Tensors.Source;

    /// <summary>Reads a <c>.pt</c> file.</summary>
    /// <param name="path">the file</param>
    /// <param name="options">what the file does not say, or says wrongly</param>
    /// <exception cref="InputException">
    /// missing, damaged, foreign or hostile file; no score network; or something about the network that must be given: one
    /// sentence names it
    /// </exception>
    public static Checkpoint Load(string path, CheckpointOptions? options = null) =>
        Load(path, CheckpointFile.ReadAll(path), options);

    /// <summary>
    /// Reads a checkpoint that is in memory; <paramref name="source"/> is its path, for messages and for a configuration beside it.
    /// </summary>
    public static Checkpoint Load(string source, ReadOnlyMemory<byte> bytes, CheckpointOptions? options = null) =>
        new CheckpointReader(source, bytes, options ?? new()).Read();

    /// <summary>Reads a <c>.pt</c> file and builds its network.</summary>
    /// <exception cref="InputException">as <see cref="Load(string, CheckpointOptions?)"/>, or weights that do not fit</exception>
    public static NequipModel LoadModel(string path, CheckpointOptions? options = null) => Load(path, options).CreateModel();

    /// <summary>The network; every tensor is checked against the configuration.</summary>
    /// <exception cref="InputException">a tensor is missing or does not fit</exception>
    public NequipModel CreateModel() => new(Config, Tensors);
}
