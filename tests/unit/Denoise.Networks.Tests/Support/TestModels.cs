using System.Text.Json;
using Denoise.Networks.Models;

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

    public static NequipModel Load(string file)
    {
        using FileStream stream = File.OpenRead($"/tmp/w/ref-weights/{Path.GetFileNameWithoutExtension(file)}.json");
        using JsonDocument document = JsonDocument.Parse(stream);
        JsonElement d = document.RootElement.Clone();
        NequipConfig config = file switch
        {
            "Cu-denoiser.pt" => ReferenceFile.Open("Cu-denoiser.json").Config(),
            "DC3-classifier.pt" => ReferenceFile.Open("Cu-denoiser.json").Config() with { Hidden = "8x0e+8x4e+8x6e", Edge = "1x0e+1x4e+1x6e", Output = "6x0e", SpeciesCount = 2 },
            "ice-denoiser-ckt.pt" => ReferenceFile.Open("nequip-parity.json").Config() with { Cutoff = 5.0 },
            _ => ReferenceFile.Open(Path.ChangeExtension(file, ".json")).Config(),
        };
        return new(config, new(file, d.EnumerateObject().Select(t => new Tensor(t.Name, t.Value.Integers("shape"),
            [.. t.Value.Numbers("values").Select(v => (float)v)]))));
    }
}
