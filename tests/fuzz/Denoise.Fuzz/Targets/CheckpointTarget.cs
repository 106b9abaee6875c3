using Denoise.Fuzz.Mutation;
using Denoise.Networks.Checkpoints;

namespace Denoise.Fuzz.Targets;

/// <summary>Checkpoints: archive, pickle, configuration, tensors, and a step with the network that comes of them.</summary>
internal sealed class CheckpointTarget : Target
{
    /// <summary>What bare weights do not say is given with one file of so many; it would hide what the others say.</summary>
    private const uint KnownShare = 4;

    private static readonly CheckpointOptions Nothing = new(), Known = new() { Cutoff = 3.2, NeighborCount = 12 };

    private readonly ModelCheck _check = new();

    public override string Name => "checkpoint";

    public override IMutator Mutator { get; } = new CheckpointMutator();

    public override void Execute(ReadOnlySpan<byte> input)
    {
        Checkpoint checkpoint = Checkpoint.Load(
            "fuzz.pt", input.ToArray(), InputDraw.Of(input) % KnownShare == 0 ? Known : Nothing);
        _check.Run(checkpoint.CreateModel());
    }
}
