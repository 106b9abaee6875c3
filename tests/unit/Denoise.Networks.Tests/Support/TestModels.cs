using Denoise.Networks.Checkpoints;
using Denoise.Networks.Models;
using Denoise.TestSupport;

namespace Denoise.Networks.Tests.Support;

internal static class TestModels
{
    /// <summary>A network of <c>../shared/reference</c>.</summary>
    /// <param name="file">file name</param>
    /// <param name="cutoff">Å, where the file does not say</param>
    /// <param name="neighborCount">likewise</param>
    public static NequipModel Load(string file, double? cutoff = null, double? neighborCount = null) =>
        Checkpoint.LoadModel(SharedReference.Path(file), new() { Cutoff = cutoff, NeighborCount = neighborCount });
}
