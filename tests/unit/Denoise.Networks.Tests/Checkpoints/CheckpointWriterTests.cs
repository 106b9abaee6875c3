using System.Security.Cryptography;
using Denoise.Atoms;
using Denoise.Networks.Checkpoints;
using Denoise.Networks.Models;
using Denoise.TestSupport;

namespace Denoise.Networks.Tests.Checkpoints;

public sealed class CheckpointWriterTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    private static readonly Dictionary<string, string> Metadata = new() { ["data"] = "fcc, bcc, hcp", ["author"] = "Å. Ångström" };

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void What_is_written_is_read_back()
    {
        NequipConfig config = TinyNetwork.Config with
        {
            Basis = RadialBasis.SmoothFinite,
            Envelope = CutoffEnvelope.Polynomial,
            Species = ["Cu"],
            ScaleLength = 2.5431,
            ScaleNeighbors = 14,
            NeighborCount = 13.25,
        };
        StateDict weights = TinyNetwork.Weights();
        CheckpointWriter.Save(_scratch["net.pt"], weights, config, Metadata);
        Checkpoint read = Checkpoint.Load(_scratch["net.pt"]);

        Assert.Equal(CheckpointKind.Native, read.Kind);
        Assert.Equal(config with { Radial = read.Config.Radial, Species = read.Config.Species }, read.Config);
        Assert.Equal(config.Radial, read.Config.Radial);
        Assert.Equal(config.Species, read.Config.Species);
        Assert.Equal(Metadata, read.Metadata);
        AssertSame(weights, read.Tensors);
        Assert.Equal(["net.pt"], _scratch.Files);
    }

    [Fact]
    public void The_scale_of_a_conservative_score_is_read_back_and_shown()
    {
        NequipConfig config = TestNetwork.Small with { Output = "3x0e", ScoreScale = 0.25 };
        CheckpointWriter.Save(_scratch["net.pt"], NequipModel.CreateRandom(config, 1).ToStateDict(), config);
        Checkpoint read = Checkpoint.Load(_scratch["net.pt"]);
        Assert.Equal(0.25, read.Config.ScoreScale);
        Assert.True(read.CreateModel().IsConservative);
        CheckpointSummary summary = new(read);
        Assert.Contains(summary.Lines(), line => line.StartsWith("score ", StringComparison.Ordinal)
            && line.Contains("(0.25 Å)^2", StringComparison.Ordinal));
        Assert.Contains("score_scale", summary.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void Species_that_are_roles_are_read_back_and_shown()
    {
        NequipConfig config = TestNetwork.Small with { SpeciesCount = 3, SpeciesAreRoles = true, Species = [] };
        CheckpointWriter.Save(_scratch["net.pt"], NequipModel.CreateRandom(config, 1).ToStateDict(), config);
        Checkpoint read = Checkpoint.Load(_scratch["net.pt"]);
        Assert.True(read.Config.SpeciesAreRoles);
        Assert.Contains(new CheckpointSummary(read).Lines(), line => line.Contains("3 (roles", StringComparison.Ordinal));
    }

    [Fact]
    public void Heads_and_classes_are_read_back_and_shown()
    {
        NequipConfig config = TestNetwork.Small with
        {
            Output = "1x1o+3x0e",
            Heads = ["displacement", "logits"],
            Classes = ["fcc", "bcc", "none"],
        };
        CheckpointWriter.Save(_scratch["net.pt"], NequipModel.CreateRandom(config, 1).ToStateDict(), config);
        Checkpoint read = Checkpoint.Load(_scratch["net.pt"]);
        Assert.Equal(config.Heads, read.Config.Heads);
        Assert.Equal(config.Classes, read.Config.Classes);
        Assert.Equal(config.Classes, read.CreateModel().Heads[1].Classes);
        CheckpointSummary summary = new(read);
        Assert.Contains(summary.Lines(), line => line.EndsWith("displacement 1x1o, logits 3x0e per atom", StringComparison.Ordinal));
        Assert.Contains(summary.Lines(), line => line.EndsWith("fcc, bcc, none", StringComparison.Ordinal));
        Assert.DoesNotContain(summary.Lines(), line => line.StartsWith("score", StringComparison.Ordinal));
        string json = summary.ToJson().Replace(" ", "", StringComparison.Ordinal);
        Assert.Contains("\"classes\":[\"fcc\",\"bcc\",\"none\"]", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Energy_and_forces_are_read_back_and_shown()
    {
        NequipConfig config = TestNetwork.Small with { Output = "1x1o+1x0e+1x1o", Heads = ["displacement", "energy", "forces"] };
        CheckpointWriter.Save(_scratch["net.pt"], NequipModel.CreateRandom(config, 1).ToStateDict(), config);
        Checkpoint read = Checkpoint.Load(_scratch["net.pt"]);
        Assert.Equal(config.Heads, read.CreateModel().Heads.Select(head => head.Name));
        Assert.Contains(new CheckpointSummary(read).Lines(),
            line => line.EndsWith("displacement 1x1o, energy 1x0e, forces 1x1o per atom", StringComparison.Ordinal));
    }

    [Fact]
    public void A_scale_of_zero_is_kept_although_the_rule_would_set_one()
    {
        NequipConfig config = TinyNetwork.Config with { Cutoff = 3.2, ScaleLength = 0 };
        CheckpointWriter.Save(_scratch["net.pt"], TinyNetwork.Weights(), config);
        Checkpoint read = Checkpoint.Load(_scratch["net.pt"]);
        Assert.Equal((0.0, false), (read.Config.ScaleLength, read.ScaleAssumed));
    }

    [Fact]
    public void Equal_networks_give_equal_bytes_and_tensors_are_aligned()
    {
        CheckpointWriter.Save(_scratch["a.pt"], TinyNetwork.Weights(), TinyNetwork.Config, Metadata);
        CheckpointWriter.Save(_scratch["b.pt"], TinyNetwork.Weights(), TinyNetwork.Config, Metadata.Reverse().ToDictionary());
        byte[] bytes = File.ReadAllBytes(_scratch["a.pt"]);
        Assert.Equal(bytes, File.ReadAllBytes(_scratch["b.pt"]));

        foreach (Tensor tensor in TinyNetwork.Weights().Tensors.Where(tensor => tensor.Values.Length > 2))
            Assert.Equal(0, bytes.AsSpan().IndexOf(TinyNetwork.Bytes(tensor.Values)) % 64);
    }

    [Fact]
    public void A_failed_save_leaves_the_old_file()
    {
        CheckpointWriter.Save(_scratch["net.pt"], TinyNetwork.Weights(), TinyNetwork.Config);
        byte[] before = File.ReadAllBytes(_scratch["net.pt"]);
        StateDict diverged = new("training", TinyNetwork.Weights().Tensors.Select((tensor, i) =>
            i == 3 ? tensor with { Values = [float.NaN, .. tensor.Values[1..]] } : tensor));

        string message = Assert.Throws<InputException>(() =>
            CheckpointWriter.Save(_scratch["net.pt"], diverged, TinyNetwork.Config)).Message;
        Assert.Contains(diverged.Tensors[3].Name, message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_scratch["net.pt"]));
        Assert.Equal(["net.pt"], _scratch.Files);

        Assert.Throws<InputException>(() => CheckpointWriter.Save(_scratch["no/such/net.pt"], TinyNetwork.Weights(), TinyNetwork.Config));
    }

    [TorchFact]
    public void PyTorch_opens_it_with_weights_only()
    {
        StateDict weights = TinyNetwork.Weights();
        CheckpointWriter.Save(_scratch["net.pt"], weights, TinyNetwork.Config with { Species = ["Cu"] }, Metadata);
        string output = Python.Run("""
            import array, hashlib, sys, torch
            for weights_only in (True, False):
                c = torch.load(sys.argv[1], weights_only=weights_only)
                k = c["config"]
                assert float(k["rc"]) == 3.5 and k["Z"] == 12 and k["radial"] == [2, 3] and k["species"] == ["Cu"], k
                assert c["metadata"]["author"] == "Å. Ångström", c["metadata"]
                for name, t in c["state_dict"].items():
                    assert t.dtype == torch.float32 and t.is_contiguous()
            for name, t in c["state_dict"].items():
                print(name, list(t.shape), hashlib.sha256(array.array("f", t.flatten().tolist()).tobytes()).hexdigest())
            """, _scratch["net.pt"]);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(weights.Tensors.Count, lines.Length);
        foreach ((Tensor tensor, string line) in weights.Tensors.Zip(lines))
        {
            string hash = Convert.ToHexStringLower(SHA256.HashData(TinyNetwork.Bytes(tensor.Values)));
            Assert.Equal($"{tensor.Name} [{string.Join(", ", tensor.Shape)}] {hash}", line);
        }
    }

    private static void AssertSame(StateDict expected, StateDict actual)
    {
        Assert.Equal(expected.Tensors.Select(tensor => tensor.Name), actual.Tensors.Select(tensor => tensor.Name));
        foreach ((Tensor e, Tensor a) in expected.Tensors.Zip(actual.Tensors))
        {
            Assert.Equal(e.Shape, a.Shape);
            Assert.Equal(e.Values.Select(BitConverter.SingleToInt32Bits), a.Values.Select(BitConverter.SingleToInt32Bits));
        }
    }
}
