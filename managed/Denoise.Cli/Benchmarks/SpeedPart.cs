using Denoise.Networks.Checkpoints;
using Denoise.Networks.Models;

namespace Denoise.Cli.Benchmarks;

/// <summary>A part whose speed is measured, and how fast it is elsewhere.</summary>
/// <param name="Name">for people</param>
/// <param name="Measure">atoms per second</param>
/// <param name="Reference">atoms per second of one thread on <see cref="ReferenceCore"/>; null where nobody measured it</param>
internal sealed record SpeedPart(string Name, Func<SpeedCheck, double> Measure, double? Reference)
{
    /// <summary>One core at 3.7 GHz, in a virtual machine; measured with this command.</summary>
    public const string ReferenceCore = "AMD EPYC (Zen 4)";

    // models/metals.pt by its architecture: weights are random, and do not change the time.
    private static readonly NequipConfig Metals = PublishedNetworks.Copper with
    {
        Hidden = "8x0e+4x1o+4x2e",
        Edge = "1x0e+1x1o+1x2e",
        Output = "1x1o",
        AttributeEmbedding = "1x0e",
        Cutoff = 3.4,
        NeighborCount = 13,
        Radial = [8, 32],
        Envelope = CutoffEnvelope.Polynomial,
        ScaleLength = 2.4854,
    };

    /// <param name="modelPath">file of a network to measure as well; null: none</param>
    /// <param name="options">what that file does not say</param>
    public static IReadOnlyList<SpeedPart> List(string? modelPath, CheckpointOptions options)
    {
        NequipModel? model = modelPath is null ? null : Checkpoint.LoadModel(modelPath, options);
        return
        [
            new("neighbor list", check => check.List(), 10.2e6),
            new("adaptive CNA", check => check.Identify(), 4.4e6),
            new("iteration, metals.pt", Iteration(Metals), 1.28e6),
            new("iteration, Cu-denoiser.pt", Iteration(PublishedNetworks.Copper), 0.92e6),
            .. model is null ? (SpeedPart[])[] : [new("iteration, --model", check => check.Iterate(model), null)],
        ];
    }

    private static Func<SpeedCheck, double> Iteration(NequipConfig config)
    {
        NequipModel model = NequipModel.CreateRandom(config, seed: 1);
        return check => check.Iterate(model);
    }
}
