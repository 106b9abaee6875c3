using Denoise.Networks.Checkpoints;
using Denoise.Networks.Engines.Simd;
using Denoise.Networks.Models;

namespace Denoise.Benchmarks;

/// <summary>A network and the crystal on which it is measured.</summary>
/// <param name="Name">short</param>
/// <param name="Model">the network; where only the architecture is known its weights are random, which does not change the time</param>
/// <param name="Crystal">of the density for which the network was made</param>
internal sealed record MeasuredNetwork(string Name, NequipModel Model, Crystal Crystal)
{
    /// <summary>The architecture of the network in the paper's table: scalars and vectors, ten channels each.</summary>
    public static NequipConfig SmallConfig { get; } = PublishedNetworks.Copper with
    {
        Hidden = "10x0e+10x1e",
        NodeEmbedding = "10x0e",
        AttributeEmbedding = "10x0e",
    };

    /// <summary>That of the published denoiser of ice: two species, true parities, about 45 edges per atom.</summary>
    public static NequipConfig IceConfig { get; } = PublishedNetworks.Copper with
    {
        Hidden = "8x0e+8x1o+4x2e",
        Edge = "1x0e+1x1o+1x2e",
        Output = "1x1o",
        SpeciesCount = 2,
        Cutoff = 5,
        NeighborCount = 16,
    };

    public static MeasuredNetwork Copper { get; } = new("Cu", NequipModel.CreateRandom(PublishedNetworks.Copper, seed: 1), Crystal.Fcc);

    /// <summary>The networks of the paper and the published ones, by architecture.</summary>
    public static IReadOnlyList<MeasuredNetwork> Published { get; } =
    [
        Copper,
        new("ice", NequipModel.CreateRandom(IceConfig, seed: 1), Crystal.Fcc),
        new("small", NequipModel.CreateRandom(SmallConfig, seed: 1), Crystal.Fcc),
    ];

    /// <summary>The width with which the engine evaluates it if it is not told.</summary>
    public SimdWidth Width => SimdWidths.For(Model);

    /// <summary>The network in a file, on fcc of the length that scale auto gives it.</summary>
    public static MeasuredNetwork Load(string path)
    {
        NequipModel model = Checkpoint.LoadModel(path);
        double length = model.Config.ScaleLength;
        return new(Path.GetFileName(path), model, length > 0 ? Crystal.FccOf(length, model.Config.ScaleNeighbors) : Crystal.Fcc);
    }
}
