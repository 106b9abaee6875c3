using Denoise.Networks.Models;

namespace Denoise.TestSupport;

/// <summary>Configurations of small networks that have everything a large one has.</summary>
public static class TestNetwork
{
    /// <summary>Three layers, two species, degrees 0 to 2 with true parities, channel counts that fill no vector.</summary>
    public static NequipConfig Small { get; } = new()
    {
        Hidden = "5x0e+3x1o+2x2e",
        Edge = "1x0e+1x1o+1x2e",
        Output = "1x1o",
        NodeEmbedding = "4x0e",
        AttributeEmbedding = "3x0e",
        SpeciesCount = 2,
        LayerCount = 3,
        Cutoff = 3.5,
        NeighborCount = 12,
        Radial = [8, 16],
    };

    /// <summary>Some hundred weights of one species, all parities even, so that each byte of a file can be tried.</summary>
    public static NequipConfig Tiny { get; } = Small with
    {
        Hidden = "2x0e+1x1e",
        Edge = "1x0e+1x1e+1x2e",
        Output = "1x1e",
        NodeEmbedding = "2x0e",
        AttributeEmbedding = "1x0e",
        SpeciesCount = 1,
        LayerCount = 2,
        Radial = [2, 3],
    };
}
