using Denoise.Networks.Models;

namespace Denoise.Fuzz.Targets;

/// <summary>Networks of some hundred random weights, which have everything a large one has.</summary>
internal static class Networks
{
    public static NequipConfig Config { get; } = new()
    {
        Hidden = "2x0e+1x1e",
        Edge = "1x0e+1x1e+1x2e",
        Output = "1x1e",
        NodeEmbedding = "2x0e",
        AttributeEmbedding = "1x0e",
        SpeciesCount = 1,
        LayerCount = 2,
        Cutoff = 3.2,
        NeighborCount = 12,
        Radial = [2, 3],
        ScaleLength = 2.483,
    };

    public static NequipModel OneSpecies { get; } = NequipModel.CreateRandom(Config, seed: 1);
}
