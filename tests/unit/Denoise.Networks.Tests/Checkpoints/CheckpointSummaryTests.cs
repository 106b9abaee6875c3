using System.Text.Json;
using Denoise.Networks.Checkpoints;
using Denoise.TestSupport;

namespace Denoise.Networks.Tests.Checkpoints;

public class CheckpointSummaryTests
{
    [SharedFact]
    public void The_copper_denoiser_has_its_published_size()
    {
        CheckpointSummary summary = new(Checkpoint.Load(SharedReference.Path("Cu-denoiser.pt")));
        Assert.Equal(41168, summary.Parameters);
        Assert.Equal([3, 15, 15, 0], summary.Layers.Select(layer => layer.Paths));
        Assert.Equal([24, 96, 96, 0], summary.Layers.Select(layer => layer.RadialWeights));
        // Both embeddings, 8 numbers each, belong to no layer.
        Assert.Equal(41168 - 16, summary.Layers.Sum(layer => layer.Parameters));

        string text = string.Join('\n', summary.Lines());
        Assert.Contains("41,168", text, StringComparison.Ordinal);
        Assert.Contains("cutoff      3.2 Å, envelope none", text, StringComparison.Ordinal);
        Assert.Contains("13 nearest atoms becomes 2.483 Å (assumed", text, StringComparison.Ordinal);
        Assert.Contains("whole module", text, StringComparison.Ordinal);
    }

    [SharedFact]
    public void The_json_form_serves_as_the_configuration_of_the_state_dict()
    {
        string json = new CheckpointSummary(Checkpoint.Load(SharedReference.Path("Cu-denoiser.pt"))).ToJson();
        using JsonDocument document = JsonDocument.Parse(json);
        Assert.Equal(41168, document.RootElement.GetProperty("parameters").GetInt64());
        Assert.Equal(3.2, document.RootElement.GetProperty("config").GetProperty("rc").GetDouble());

        using ScratchFolder scratch = new();
        string path = scratch["Cu.pt"];
        File.Copy(SharedReference.Path("Cu-denoiser.state_dict.pt"), path);
        File.WriteAllText(path + ".json", json);
        Checkpoint plain = Checkpoint.Load(path);
        Assert.Equal(CheckpointKind.StateDict, plain.Kind);
        Assert.Equal((3.2, 12.0, 2.483), (plain.Config.Cutoff, plain.Config.NeighborCount, plain.Config.ScaleLength));
        Assert.Equal(41168, new CheckpointSummary(plain).Parameters);
    }
}
