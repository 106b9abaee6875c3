using Denoise.Atoms;
using Denoise.Networks.Checkpoints;
using Denoise.Networks.Models;

namespace Denoise.InSitu.Tests;

/// <summary>The model of metals that we ship, read once: for whatever is not compared with published numbers.</summary>
internal static class Metals
{
    public static string Path { get; } = System.IO.Path.Combine(SharedReference.RepositoryRoot, "models", "metals.pt");

    private static readonly Lazy<NequipModel> Loaded = new(() => Checkpoint.LoadModel(Path));

    private static readonly Lazy<NequipModel> Naming = new(() => Named("a", "b", NoClass.Name));

    public static NequipModel Model => Loaded.Value;

    /// <summary>The same with logits of three classes beside the displacement; their weights are random numbers.</summary>
    public static NequipModel NamingModel => Naming.Value;

    /// <summary>A network whose displacements are the gradient of its logits' log-density; its weights are random numbers.</summary>
    public static NequipModel ConservativeModel => Conservative.Value;

    private static readonly Lazy<NequipModel> Conservative = new(CreateConservative);

    private static NequipModel CreateConservative()
    {
        NequipModel model = NequipModel.CreateRandom(
            Model.Config with { Output = "3x0e", Heads = [Head.Logits], Classes = ["a", "b", "none"], ScoreScale = 8 }, 1);
        // A fresh network has alpha = 0, which would hide most of it.
        foreach (InteractionLayer layer in model.Layers)
            Array.Fill(layer.Alpha.Weights, 0.5f);
        return model;
    }

    /// <summary>The model that names, with its classes in another order.</summary>
    public static NequipModel Reordered(params string[] classes) => Named(classes);

    private static NequipModel Named(params string[] classes)
    {
        Checkpoint metals = Checkpoint.Load(Path);
        NequipConfig config = metals.Config with { Output = "1x1o+3x0e", Heads = [Head.Displacement, Head.Logits], Classes = classes };
        // Weights are in the order of the input's blocks: the scalars of the features come before the vectors.
        float[] displacement = metals.CreateModel().Readout.Weights;
        int count = NequipModel.CreateRandom(config, 1).Readout.Weights.Length - displacement.Length;
        var random = new Random(1);
        float[] logits = [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5))];
        // [features, attributes, classes]
        int[] order = [.. classes.Select(name => Array.IndexOf(["a", "b", NoClass.Name], name))];
        logits = [.. logits.Chunk(3).SelectMany(row => order.Select(c => row[c]))];
        float[] weights = [.. logits, .. displacement];
        return new(config, new StateDict("metals with logits", metals.Tensors.Tensors.Select(tensor => tensor.Name switch
        {
            "out.weight" => new Tensor(tensor.Name, [weights.Length], weights),
            "out.output_mask" => new Tensor(tensor.Name, [6], [1, 1, 1, 1, 1, 1]),
            _ => tensor,
        })));
    }
}
