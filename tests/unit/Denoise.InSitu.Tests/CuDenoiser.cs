using Denoise.Networks.Checkpoints;
using Denoise.Networks.Models;

namespace Denoise.InSitu.Tests;

/// <summary>The published fcc/bcc/hcp denoiser, read once.</summary>
internal static class CuDenoiser
{
    private static readonly Lazy<NequipModel> Loaded = new(() => Checkpoint.LoadModel(SharedReference.Path("Cu-denoiser.pt")));

    public static NequipModel Model => Loaded.Value;
}
