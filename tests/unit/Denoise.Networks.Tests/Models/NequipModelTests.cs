using System.Text.Json;
using Denoise.Atoms;
using Denoise.Networks.Models;
using Denoise.Networks.Tests.Support;
using Denoise.TestSupport;

namespace Denoise.Networks.Tests.Models;

public class NequipModelTests
{
    private static readonly NequipConfig Small = TestNetwork.Small with { Hidden = "4x0e+2x1o+2x2e", LayerCount = 2 };

    [SharedFact]
    public void Layers_have_the_irreps_paths_and_masks_of_e3nn()
    {
        JsonElement trace = ReferenceFile.Open("nequip-parity-trace.json");
        var model = NequipModel.CreateRandom(ReferenceFile.Open("nequip-parity.json").Config(), seed: 1);
        Assert.Equal(trace.GetProperty("layers").GetArrayLength(), model.Layers.Count);
        foreach ((JsonElement expected, InteractionLayer layer) in trace.GetProperty("layers").EnumerateArray().Zip(model.Layers))
        {
            Assert.Equal(expected.GetProperty("irreps_in").GetString(), layer.Input.ToString());
            Assert.Equal(expected.GetProperty("irreps_mid").GetString(), layer.Convolution.ToString());
            Assert.Equal(expected.GetProperty("irreps_gate_in").GetString(), layer.PreGate.ToString());
            Assert.Equal(expected.GetProperty("irreps_out").GetString(), layer.Output.ToString());
            Assert.Equal(expected.Numbers("output_mask"), layer.SelfConnection.OutputMask.Select(m => (double)m));
            Assert.Equal(
                expected.GetProperty("paths").EnumerateArray().Select(path => (path.GetProperty("in1").GetInt32(),
                    path.GetProperty("in2").GetInt32(), path.GetProperty("out").GetInt32(), path.GetProperty("path_weight").GetDouble())),
                layer.ConvolutionPaths.Select(path => (path.InputSlot, path.HarmonicSlot, path.OutputSlot, path.Factor)));
        }
    }

    [SharedTheory]
    [InlineData("nequip-paper.json")]
    [InlineData("nequip-parity.json")]
    public void Parameters_have_the_names_and_sizes_of_e3nn(string file)
    {
        JsonElement json = ReferenceFile.Open(file);
        var model = NequipModel.CreateRandom(json.Config(), seed: 1);
        Assert.Equal(
            json.GetProperty("cases")[0].GetProperty("gradients").EnumerateObject().Select(g => (g.Name, g.Value.Numbers().Length)),
            model.Parameters.Select(parameter => (parameter.Name, parameter.Values.Length)));
    }

    [Fact]
    public void State_dict_round_trip_keeps_every_parameter()
    {
        var model = NequipModel.CreateRandom(Small, seed: 7);
        var again = new NequipModel(Small, model.ToStateDict());
        Assert.Equal(model.Parameters.Select(p => p.Name), again.Parameters.Select(p => p.Name));
        Assert.All(model.Parameters.Zip(again.Parameters), pair => Assert.Equal(pair.First.Values, pair.Second.Values));
        Assert.Contains(model.ToStateDict().Tensors, tensor => tensor.Name == "interactions.0.first.sc.output_mask");
    }

    [Fact]
    public void Gate_sorts_and_merges_the_pre_gate_vector_as_e3nn_does()
    {
        // Scalars 0o+0e and gates 0e sort to 0e, 0e (merged), 0o; 1e comes after 1o; the output stays as written.
        NequipConfig config = Small with { Hidden = "3x1e+2x0o+4x0e+2x1o", LayerCount = 3 };
        InteractionLayer layer = NequipModel.CreateRandom(config, seed: 1).Layers[^1];
        Assert.Equal("9x0e+2x0o+2x1o+3x1e", layer.PreGate.ToString());
        Assert.Equal("2x0o+4x0e+3x1e+2x1o", layer.Output.ToString());
        Assert.Equal([(0, -1, 9), (1, -1, 0), (2, 4, 17), (3, 7, 11)],
            layer.Gate.Blocks.Select((block, b) => (b, block.GateOffset, block.InputOffset)));
    }

    [Fact]
    public void First_layer_keeps_only_what_the_harmonics_make()
    {
        InteractionLayer layer = NequipModel.CreateRandom(Small with { Hidden = "4x0e+2x1e+2x1o" }, seed: 1).Layers[0];
        Assert.Equal("4x0e+2x1o", layer.Output.ToString());
    }

    [Fact]
    public void Missing_misshapen_and_foreign_tensors_are_named()
    {
        StateDict good = NequipModel.CreateRandom(Small, seed: 3).ToStateDict();
        string Fail(NequipConfig config, IEnumerable<Tensor> tensors) =>
            Assert.Throws<InputException>(() => new NequipModel(config, new StateDict("model.pt", tensors))).Message;
        IEnumerable<Tensor> Replace(string name, Func<Tensor, Tensor> change) =>
            good.Tensors.Select(tensor => tensor.Name == name ? change(tensor) : tensor);

        const string lin2 = "interactions.1.first.lin2.weight", matrix = "interactions.0.first.mlp.layer0.weight";
        Assert.Contains(lin2, Fail(Small, good.Tensors.Where(tensor => tensor.Name != lin2)), StringComparison.Ordinal);
        Assert.Contains(lin2, Fail(Small, Replace(lin2, t => t with { Shape = [t.Values.Length - 1], Values = t.Values[1..] })),
            StringComparison.Ordinal);
        Assert.Contains("[16, 8]", Fail(Small, Replace(matrix, t => t with { Shape = [16, 8] })), StringComparison.Ordinal);
        Assert.Contains(matrix, Fail(Small, Replace(matrix, t => t with { Values = [float.NaN, .. t.Values[1..]] })), StringComparison.Ordinal);
        Assert.Contains("out.output_mask", Fail(Small, Replace("out.output_mask", t => t with { Values = [1, 1, 0] })),
            StringComparison.Ordinal);
        Assert.Contains("has no place", Fail(Small, [.. good.Tensors, new("interactions.2.first.sc.weight", [1], [1])]),
            StringComparison.Ordinal);
        Assert.Contains("has no place", Fail(Small with { Output = "0x0e+1x1o", LayerCount = 1 }, good.Tensors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hidden")]
    [InlineData("edge")]
    [InlineData("output")]
    [InlineData("embedding")]
    [InlineData("layers")]
    [InlineData("cutoff")]
    [InlineData("species")]
    public void Impossible_configurations_are_explained(string which)
    {
        (NequipConfig config, string inMessage) = which switch
        {
            "hidden" => (Small with { Hidden = "4x0o" }, "even scalars"),
            "edge" => (Small with { Edge = "1x0e+2x1o" }, "one channel"),
            "output" => (Small with { Output = "1x3o" }, "1x3o"),
            "embedding" => (Small with { AttributeEmbedding = "4x1o" }, "even scalars"),
            "layers" => (Small with { LayerCount = 0 }, "0 layers"),
            "cutoff" => (Small with { Cutoff = double.NaN }, "cutoff"),
            _ => (Small with { Species = ["Cu"] }, "1 chemical symbols"),
        };
        Assert.Contains(inMessage, Assert.Throws<InputException>(() => NequipModel.CreateRandom(config, 1)).Message, StringComparison.Ordinal);
    }

    private static NequipConfig Named => Small with
    {
        Output = "1x1o+3x0e",
        Heads = ["displacement", "logits"],
        Classes = ["fcc", "bcc", "none"],
    };

    public static TheoryData<NequipConfig, string> WrongHeads => new()
    {
        { Named with { Heads = ["displacement"] }, "1 heads are named, but the output '1x1o+3x0e' has 2 blocks" },
        { Named with { Heads = ["logits", "displacement"] }, "the head 'logits' cannot be '1x1o'" },
        { Named with { Heads = ["displacement", "colour"] }, "the head 'colour' is not known" },
        { Named with { Heads = ["displacement", "energy"] }, "the head 'energy' cannot be '3x0e'" },
        { Named with { Heads = ["energy", "logits"] }, "the head 'energy' cannot be '1x1o'" },
        { Named with { Heads = ["displacement", "forces"] }, "the head 'forces' cannot be '3x0e'" },
        {
            Named with { Hidden = "4x0e+2x1o+2x1e", Output = "1x1e+3x0e", Heads = ["forces", "logits"] },
            "the head 'forces' cannot be '1x1e'"
        },
        { Named with { Heads = ["displacement", "displacement"] }, "two heads have one name" },
        { Named with { Classes = ["fcc", "bcc"] }, "2 classes are named, but the network has 3 logits" },
        { Named with { Classes = ["fcc", "bcc", "fcc"] }, "two classes are named 'fcc'" },
        { Named with { Classes = ["fcc", "b c", "none"] }, "'b c' is no name of a class" },
        { Small with { Classes = ["fcc"] }, "the network has no logits" },
    };

    [Theory]
    [MemberData(nameof(WrongHeads))]
    public void Heads_that_do_not_fit_the_output_are_explained(NequipConfig config, string inMessage) =>
        Assert.Contains(inMessage, Assert.Throws<InputException>(() => NequipModel.CreateRandom(config, 1)).Message, StringComparison.Ordinal);

    [Fact]
    public void Heads_have_names_units_and_classes()
    {
        NequipModel model = NequipModel.CreateRandom(Named, 1);
        Assert.Equal([("displacement", 3, "Å", 0), ("logits", 3, "", 3)],
            model.Heads.Select(head => (head.Name, head.Dimension, head.Unit, head.Classes.Count)));
        Assert.Equal((0, 1, -1), (model.IndexOfHead("displacement"), model.IndexOfHead("logits"), model.IndexOfHead("energy")));
    }

    [Fact]
    public void Energy_and_forces_are_heads_where_they_are_named_and_never_guessed()
    {
        NequipConfig config = Small with { Output = "1x0e+1x1o", Heads = ["energy", "forces"] };
        Assert.Equal([("energy", 1, "eV"), ("forces", 3, "eV/Å")],
            NequipModel.CreateRandom(config, 1).Heads.Select(head => (head.Name, head.Dimension, head.Unit)));
        Assert.Equal(["logits", "displacement"], NequipModel.CreateRandom(config with { Heads = [] }, 1).Heads.Select(head => head.Name));
    }

    public static TheoryData<NequipConfig, string> OutOfRange => new()
    {
        { Small with { ScaleNeighbors = 65536 }, "scale_neighbors 65536" },
        { Small with { ScaleNeighbors = -1 }, "scale_neighbors -1" },
        { Small with { ScaleLength = -1 }, "a scale_length of -1" },
        { Small with { ScaleLength = 1e-3 }, "a scale_length of 0.001" },
        { Small with { ScaleLength = 1e300 }, "a scale_length of 1E+300" },
        { Small with { ScaleLength = double.NaN }, "a scale_length of NaN" },
        { Small with { Output = "3x0e", ScoreScale = -0.2 }, "a score_scale of -0.2" },
        { Small with { Output = "3x0e", ScoreScale = double.NaN }, "a score_scale of NaN" },
        { Small with { ScoreScale = 0.2 }, "a score_scale belongs to a network with logits" },
        { Small with { Cutoff = 1e9 }, "a cutoff of 1000000000" },
        { Small with { Cutoff = 1e-9 }, "a cutoff of 1E-09" },
        { Small with { NeighborCount = 1e-30 }, "a neighbor count of 1E-30" },
        { Small with { NeighborCount = double.PositiveInfinity }, "a neighbor count of Infinity" },
        { Small with { LayerCount = 65 }, "65 layers" },
        { Small with { SpeciesCount = 1 << 30 }, "1073741824 species" },
        { Small with { Radial = [] }, "radial sizes []" },
        { Small with { Radial = [65536] }, "radial sizes [65536]" },
        { Small with { Radial = [8, 0] }, "radial sizes [8, 0]" },
        { Small with { Hidden = "4096x0e+4096x1o+4096x2e" }, "the hidden irreps have 36864 components" },
        { Small with { NodeEmbedding = "65536x0e" }, "the node embedding irreps have 65536 components" },
        { Small with { Hidden = "1024x0e+512x1o", NodeEmbedding = "1024x0e", AttributeEmbedding = "1024x0e" }, "more than 67,108,864 weights" },
        { Small with { Hidden = "4000x0e+1000x1o", NodeEmbedding = "8x0e", LayerCount = 2 }, "paths of every edge" },
        { Small with { Species = ["Si", "Si"], SpeciesCount = 2 }, "one chemical symbol" },
    };

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void Numbers_out_of_range_are_refused_before_anything_is_allocated(NequipConfig config, string inMessage)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        string message = Assert.Throws<InputException>(() => NequipModel.CreateRandom(config, 1)).Message;
        Assert.Contains(inMessage, message, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 26, "much memory was taken before");
    }
}
