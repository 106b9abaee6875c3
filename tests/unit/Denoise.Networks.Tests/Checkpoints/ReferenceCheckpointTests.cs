using System.Text.Json;
using Denoise.Networks.Checkpoints;
using Denoise.Networks.Models;
using Denoise.TestSupport;

namespace Denoise.Networks.Tests.Checkpoints;

/// <summary>The published checkpoints and the reference networks: every file loads, and says what its description says.</summary>
public class ReferenceCheckpointTests
{
    private static readonly CheckpointOptions Ice = new() { Cutoff = 5, NeighborCount = 16 };

    [SharedTheory]
    [InlineData("Cu-denoiser.pt", CheckpointKind.WholeModule)]
    [InlineData("Cu-denoiser.state_dict.pt", CheckpointKind.StateDict)]
    [InlineData("SiO2-denoiser.pt", CheckpointKind.WholeModule)]
    [InlineData("DC3-classifier.pt", CheckpointKind.WholeModule)]
    [InlineData("ice-denoiser.pt", CheckpointKind.WholeModule)]
    [InlineData("ice-denoiser-ckt.pt", CheckpointKind.TrainingCheckpoint)]
    [InlineData("nequip-paper.pt", CheckpointKind.StateDict)]
    [InlineData("nequip-parity.pt", CheckpointKind.StateDict)]
    public void Every_reference_file_loads_and_makes_a_network(string file, CheckpointKind kind)
    {
        CheckpointOptions? options = kind switch
        {
            CheckpointKind.TrainingCheckpoint => Ice,
            CheckpointKind.StateDict when file.StartsWith("Cu", StringComparison.Ordinal) => new() { Cutoff = 3.2, NeighborCount = 12 },
            _ => null,
        };
        Checkpoint checkpoint = Checkpoint.Load(SharedReference.Path(file), options);
        Assert.Equal(kind, checkpoint.Kind);
        Assert.Equal(3, checkpoint.CreateModel().Layers.Count);
    }

    [SharedTheory]
    [InlineData("Cu-denoiser.pt", "Cu-denoiser.json")]
    [InlineData("Cu-denoiser.state_dict.pt", "Cu-denoiser.json")]
    [InlineData("nequip-paper.pt", "nequip-paper.json")]
    [InlineData("nequip-parity.pt", "nequip-parity.json")]
    public void The_inferred_architecture_is_the_described_one(string file, string json)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(SharedReference.Path(json)));
        JsonElement expected = document.RootElement.GetProperty("config");
        // Loaded from memory, so that no configuration beside the file can help; the whole module needs no options.
        CheckpointOptions? options = file == "Cu-denoiser.pt"
            ? null
            : new() { Cutoff = expected.GetProperty("rc").GetDouble(), NeighborCount = expected.GetProperty("Z").GetDouble() };
        NequipConfig config = Checkpoint.Load("memory", File.ReadAllBytes(SharedReference.Path(file)), options).Config;

        string Irreps(string key) => expected.GetProperty(key).GetString()!.Replace(" ", "", StringComparison.Ordinal);
        Assert.Equal(Irreps("hidden"), config.Hidden);
        Assert.Equal(Irreps("edge"), config.Edge);
        Assert.Equal(Irreps("out"), config.Output);
        Assert.Equal(Irreps("nx"), config.NodeEmbedding);
        Assert.Equal(Irreps("nz"), config.AttributeEmbedding);
        Assert.Equal(expected.GetProperty("ns").GetInt32(), config.SpeciesCount);
        Assert.Equal(expected.GetProperty("convs").GetInt32(), config.LayerCount);
        Assert.Equal(expected.GetProperty("rc").GetDouble(), config.Cutoff);
        Assert.Equal(expected.GetProperty("Z").GetDouble(), config.NeighborCount);
        Assert.Equal(expected.GetProperty("radial").EnumerateArray().Select(size => size.GetInt32()), config.Radial);
    }

    [SharedFact]
    public void A_whole_module_holds_the_state_dict_bit_for_bit()
    {
        StateDict module = Checkpoint.Load(SharedReference.Path("Cu-denoiser.pt")).Tensors;
        StateDict plain = Checkpoint.Load(
            SharedReference.Path("Cu-denoiser.state_dict.pt"), new() { Cutoff = 3.2, NeighborCount = 12 }).Tensors;
        Tensor[] expected = [.. plain.Tensors.Where(tensor => !tensor.Name.Contains("_w3j_", StringComparison.Ordinal))];
        Assert.Equal(expected.Select(tensor => tensor.Name), module.Tensors.Select(tensor => tensor.Name));
        foreach (Tensor tensor in expected)
        {
            Assert.True(module.TryGet(tensor.Name, out Tensor? actual));
            Assert.Equal(tensor.Shape, actual.Shape);
            Assert.Equal(tensor.Values.Select(BitConverter.SingleToInt32Bits), actual.Values.Select(BitConverter.SingleToInt32Bits));
        }
    }

    [SharedFact]
    public void The_published_modules_say_what_they_are()
    {
        NequipConfig silica = Checkpoint.Load(SharedReference.Path("SiO2-denoiser.pt")).Config;
        Assert.Equal((2, 3.2, "8x0e+8x1e+4x2e", 0.0), (silica.SpeciesCount, silica.Cutoff, silica.Hidden, silica.ScaleLength));

        NequipConfig classifier = Checkpoint.Load(SharedReference.Path("DC3-classifier.pt")).Config;
        Assert.Equal(("8x0e+8x4e+8x6e", "1x0e+1x4e+1x6e", "6x0e"), (classifier.Hidden, classifier.Edge, classifier.Output));
        Assert.Equal((3.2, 12.0, 0.0), (classifier.Cutoff, classifier.NeighborCount, classifier.ScaleLength));
        Assert.Equal(RadialBasis.SmoothFinite, classifier.Basis);
        Assert.Equal(["fcc", "bcc", "hcp", "diamond", "hexdiamond", "sc"], classifier.Classes);
        Assert.Equal(RadialBasis.Bessel, silica.Basis);
    }

    /// <summary>The two published ice networks were trained apart (their weights and cutoffs differ) on one architecture.</summary>
    [SharedFact]
    public void The_ice_checkpoint_and_module_have_one_architecture()
    {
        Checkpoint training = Checkpoint.Load(SharedReference.Path("ice-denoiser-ckt.pt"), Ice);
        Checkpoint module = Checkpoint.Load(SharedReference.Path("ice-denoiser.pt"));
        Assert.Equal((5.0, 16.0), (training.Config.Cutoff, training.Config.NeighborCount));
        Assert.Equal((3.2, 12.0), (module.Config.Cutoff, module.Config.NeighborCount));
        Assert.Equal(("8x0e+8x1o+4x2e", "1x0e+1x1o+1x2e", "1x1o"), (module.Config.Hidden, module.Config.Edge, module.Config.Output));
        NequipConfig expected = module.Config with { Cutoff = 5, NeighborCount = 16, Radial = training.Config.Radial };
        Assert.Equal(expected with { Species = training.Config.Species }, training.Config);
        Assert.Equal("410", training.Metadata["epoch"]);
        foreach (Tensor tensor in module.Tensors.Tensors)
            Assert.Equal(tensor.Shape, training.Tensors.Get(tensor.Name, tensor.Values.Length).Shape);
    }
}
