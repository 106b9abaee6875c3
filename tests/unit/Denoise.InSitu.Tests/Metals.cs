using Denoise.Networks.Checkpoints;
using Denoise.Networks.Models;

namespace Denoise.InSitu.Tests;

/// <summary>The model of metals that we ship, read once: for whatever is not compared with published numbers.</summary>
internal static class Metals
{
    public static string Path { get; } = System.IO.Path.Combine(SharedReference.RepositoryRoot, "models", "metals.pt");

    private static readonly Lazy<NequipModel> Loaded = new(() => Checkpoint.LoadModel(Path));

    public static NequipModel Model => Loaded.Value;
}
