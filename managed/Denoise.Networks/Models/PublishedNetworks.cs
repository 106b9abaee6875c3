using Denoise.Networks.Checkpoints.Architecture;

namespace Denoise.Networks.Models;

/// <summary>Architectures that others published, for measurements: random weights take as long as theirs.</summary>
public static class PublishedNetworks
{
    /// <summary>The denoiser of copper (doi 10.1038/s41524-024-01337-z): about 12 edges per atom.</summary>
    public static NequipConfig Copper { get; } = new()
    {
        Hidden = "8x0e+8x1e+4x2e",
        Edge = "1x0e+1x1e+1x2e",
        Output = "1x1e",
        NodeEmbedding = "8x0e",
        AttributeEmbedding = "8x0e",
        SpeciesCount = 1,
        LayerCount = 3,
        Cutoff = PublishedScale.Cutoff,
        NeighborCount = 12,
        Radial = [16, 64],
        ScaleLength = PublishedScale.Length,
    };
}
