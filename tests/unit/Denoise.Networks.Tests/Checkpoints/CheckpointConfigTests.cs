using Denoise.Atoms;
using Denoise.Networks.Checkpoints;
using Denoise.Networks.Models;
using Denoise.TestSupport;

namespace Denoise.Networks.Tests.Checkpoints;

/// <summary>Where the configuration of a bare state dict comes from, and what is asked for.</summary>
public sealed class CheckpointConfigTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public CheckpointConfigTests() => File.WriteAllBytes(Net, TinyNetwork.StateDictFile(TinyNetwork.Weights()));

    public void Dispose() => _scratch.Dispose();

    private string Net => _scratch["net.pt"];

    private static string Fails(Action action) => Assert.Throws<InputException>(action).Message;

    [Fact]
    public void What_shapes_cannot_tell_is_asked_for_by_name()
    {
        string message = Fails(() => Checkpoint.Load(Net));
        Assert.Contains("'cutoff' and 'neighbors'", message, StringComparison.Ordinal);
        Assert.Contains(_scratch["net.json"], message, StringComparison.Ordinal);
        Assert.Contains("{\"config\": {\"rc\": ..., \"Z\": ...}}", message, StringComparison.Ordinal);
        Assert.DoesNotContain("'cutoff'", Fails(() => Checkpoint.Load(Net, new() { Cutoff = 3 })), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_masks_the_irreps_are_asked_for_too()
    {
        StateDict bare = new("bare", TinyNetwork.Weights().Tensors.Where(t => !t.Name.EndsWith("_mask", StringComparison.Ordinal)));
        byte[] file = TinyNetwork.StateDictFile(bare);
        Assert.Contains("'hidden' and 'edge' and 'output'", Fails(() =>
            Checkpoint.Load("bare.pt", file, new() { Cutoff = 3, NeighborCount = 12 })), StringComparison.Ordinal);

        CheckpointOptions given = new() { Cutoff = 3, NeighborCount = 12, Hidden = "2x0e + 1x1e", Edge = "0e + 1e + 2e", Output = "1e" };
        Checkpoint read = Checkpoint.Load("bare.pt", file, given);
        Assert.Equal(("2x0e+1x1e", "1x0e+1x1e+1x2e", "1x1e"), (read.Config.Hidden, read.Config.Edge, read.Config.Output));
        Assert.Equal(2, read.CreateModel().Layers.Count);
    }

    /// <summary>1e x 1e -> 1e takes as many weights as 1o x 2e -> 1o: shapes alone leave both.</summary>
    [Theory]
    [InlineData("1x0e+1x1e", "2x0e+1x1e", "1x1e", "_w3j_1_1_1")]
    [InlineData("1x0e+1x1o+1x2e", "2x0e+1x1o", "1x1o", "_w3j_1_2_1")]
    public void Parity_is_asked_for_or_told_by_the_coupling_constants(string edge, string hidden, string output, string coupling)
    {
        NequipConfig config = TinyNetwork.Config with { Edge = edge, Hidden = hidden, Output = output };
        List<Tensor> weights = [.. NequipModel.CreateRandom(config, 3).ToStateDict().Tensors];
        CheckpointOptions options = new() { Cutoff = 3, NeighborCount = 12 };
        Assert.Contains("'hidden' and 'edge' and 'output'", Fails(() =>
            Checkpoint.Load("a.pt", TinyNetwork.StateDictFile(new("a", weights)), options)), StringComparison.Ordinal);

        weights.Add(new($"interactions.1.first.conv._compiled_main_left_right.{coupling}", [1], [1]));
        NequipConfig read = Checkpoint.Load("a.pt", TinyNetwork.StateDictFile(new("a", weights)), options).Config;
        Assert.Equal((edge, hidden, output), (read.Edge, read.Hidden, read.Output));
    }

    [Theory]
    [InlineData("net.json")]
    [InlineData("net.pt.json")]
    public void A_json_file_beside_completes_it(string name)
    {
        _scratch.Write(name, """{"config": {"rc": 3.25, "Z": 14, "species": [29], "envelope": "polynomial"}}""");
        NequipConfig config = Checkpoint.Load(Net).Config;
        Assert.Equal((3.25, 14.0, CutoffEnvelope.Polynomial), (config.Cutoff, config.NeighborCount, config.Envelope));
        Assert.Equal(["Cu"], config.Species);
        Assert.Equal("2x0e+1x1e", config.Hidden);
        // Options go before the file.
        Assert.Equal(5, Checkpoint.Load(Net, new() { Cutoff = 5 }).Config.Cutoff);
    }

    [Fact]
    public void A_bare_configuration_may_stand_among_other_things()
    {
        string path = _scratch["elsewhere.json"];
        File.WriteAllText(path, """{"rc": "3.25", "Z": 14, "created": "today"}""");
        Assert.Equal(3.25, Checkpoint.Load(Net, new() { ConfigPath = path }).Config.Cutoff);
    }

    [Theory]
    [InlineData("""{"config": {"rc": 3.25, "Z": 14, "scale_lenght": 2}}""", "'scale_lenght' is not known")]
    [InlineData("""{"config": {"rc": "wide", "Z": 14}}""", "'rc' is not a number")]
    [InlineData("""{"config": {"rc": 3.25, "Z": 14, "convs": 2.5}}""", "'convs' is not an integer")]
    [InlineData("""{"config": {"rc": 3.25, "Z": 14, "radial": ["a"]}}""", "'radial' is not a list of integers")]
    [InlineData("""{"config": {"rc": 3.25, "Z": 14, "species": ["Xx"]}}""", "'species' is not a list of chemical symbols")]
    [InlineData("""{"config": {"rc": 3.25, "Z": 14, "envelope": "steep"}}""", "'envelope' is not 'none' or 'polynomial'")]
    [InlineData("""{"config": {"rc": 3.25, "Z": 14, "hidden": "8x7e"}}""", "'hidden': irrep '7e'")]
    [InlineData("""{"config": {"rc": 3.25, "Z": 14, "hidden": "99999x0e"}}""", "'hidden'")]
    [InlineData("""{"config": {"rc": 3.25, "Z": {}}}""", "'Z' is not a number")]
    [InlineData("""{"config": []}""", "\"config\" is not an object")]
    [InlineData("""{"config": {"rc": 3.25,, "Z": 14}}""", "not valid JSON (line 1)")]
    [InlineData("""{"config": {"rc": 3.25, "hidden": "\ud800"}}""", "cannot be read")]
    public void A_wrong_configuration_is_named(string json, string expected)
    {
        string path = _scratch["net.json"];
        File.WriteAllText(path, json);
        string message = Fails(() => Checkpoint.Load(Net));
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4x0e+1x1e", "tensor 'interactions")]
    [InlineData("4000x0e+4000x1e+4000x1e", "tensor 'interactions")]
    public void A_configuration_of_another_network_is_refused(string hidden, string expected)
    {
        CheckpointOptions options = new()
        {
            Cutoff = 3,
            NeighborCount = 12,
            Hidden = hidden,
            Edge = TinyNetwork.Config.Edge,
            Output = "1x1e",
        };
        Assert.Contains(expected, Fails(() => Checkpoint.LoadModel(Net, options)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_published_scale_is_for_networks_like_the_published_ones()
    {
        CheckpointOptions options = new() { Cutoff = 3.2, NeighborCount = 12 };
        Checkpoint like = Checkpoint.Load(Net, options);
        Assert.Equal((2.483, 13, true), (like.Config.ScaleLength, like.Config.ScaleNeighbors, like.ScaleAssumed));

        Checkpoint other = Checkpoint.Load(Net, options with { Cutoff = 4 });
        Assert.Equal((0.0, false), (other.Config.ScaleLength, other.ScaleAssumed));
        Checkpoint given = Checkpoint.Load(Net, options with { ScaleLength = 2.6, ScaleNeighbors = 14 });
        Assert.Equal((2.6, 14, false), (given.Config.ScaleLength, given.Config.ScaleNeighbors, given.ScaleAssumed));
        Assert.Equal(0, Checkpoint.Load(Net, options with { ScaleLength = 0 }).Config.ScaleLength);
    }

    [Fact]
    public void Missing_files_and_folders_are_named()
    {
        Assert.Contains("no such file", Fails(() => Checkpoint.Load(_scratch["nothing.pt"])), StringComparison.Ordinal);
        Assert.Contains("is a folder", Fails(() => Checkpoint.Load(_scratch.Folder)), StringComparison.Ordinal);
        Assert.Contains("no such file", Fails(() => Checkpoint.Load(_scratch["no/such.pt"])), StringComparison.Ordinal);
        Assert.Contains("is not there", Fails(() => Checkpoint.Load(Net, new() { ConfigPath = "none.json" })), StringComparison.Ordinal);
    }
}
