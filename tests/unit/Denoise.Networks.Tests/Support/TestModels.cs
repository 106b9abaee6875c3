using Denoise.Networks.Checkpoints;
using Denoise.Networks.Models;
using Denoise.TestSupport;

namespace Denoise.Networks.Tests.Support;

internal static class TestModels
{
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

    /// <summary>A network of <c>../shared/reference</c>.</summary>
    /// <param name="file">file name</param>
    /// <param name="cutoff">Å, where the file does not say</param>
    /// <param name="neighborCount">likewise</param>
    public static NequipModel Load(string file, double? cutoff = null, double? neighborCount = null) =>
        Checkpoint.LoadModel(SharedReference.Path(file), new() { Cutoff = cutoff, NeighborCount = neighborCount });
}
