using Denoise.Atoms;
using Denoise.Networks.Maps;
using Denoise.TestSupport;

namespace Denoise.Networks.Tests.Maps;

public sealed unsafe class MapNetworkTests
{
    private static readonly string[] Classes = ["fcc", "bcc", "none"];

    private static readonly MapSettings TwoSpecies = MapSettings.Geometric with { Weights = [[0.5f, 1]] };

    [Fact]
    public void The_network_of_the_paper_has_as_many_weights_as_it_says() => Assert.Equal(26_490, MapNetwork.ShapesOf(1, 2)
        .Where(entry => !entry.Name.Contains("running", StringComparison.Ordinal)).Sum(entry => entry.Shape.Aggregate(1, (p, n) => p * n)));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Logits_are_those_of_the_reference(int seed)
    {
        foreach (MapSettings settings in (MapSettings[])[MapSettings.Geometric, TwoSpecies])
        {
            MapNetwork network = TestMaps.Create(Classes, seed, settings);
            using MapWeights weights = new(network);
            using MapInference inference = new(weights);
            for (int k = 0; k < 3; k++)
            {
                double[] image = Image(settings, 10 * seed + k);
                Tolerance.AssertClose(ReferenceMapNetwork.Logits(network, image), Logits(inference, settings, image), Tolerance.Single,
                    $"logits, seed {seed}");
            }
        }
    }

    [Fact]
    public void A_file_holds_what_was_saved()
    {
        using ScratchFolder folder = new();
        MapNetwork network = TestMaps.Create(Classes, 5, TwoSpecies);
        MapFile.Save(folder["maps.pt"], network, new Dictionary<string, string> { ["program"] = "test" });
        MapNetwork read = MapFile.Load(folder["maps.pt"]);
        Assert.Equal(network.Classes, read.Classes);
        Assert.Equal(network.Settings.Reach, read.Settings.Reach);
        Assert.Equal(network.Settings.Weights[0], read.Settings.Weights[0]);
        foreach ((string name, _) in MapNetwork.ShapesOf(2, Classes.Length))
            Assert.Equal(network[name], read[name]);
    }

    [Fact]
    public void Every_truncated_file_is_refused_with_its_name()
    {
        using ScratchFolder folder = new();
        MapFile.Save(folder["maps.pt"], TestMaps.Create(Classes, 5), new Dictionary<string, string>());
        byte[] bytes = File.ReadAllBytes(folder["maps.pt"]);
        for (int length = 0; length < bytes.Length; length += 997)
        {
            File.WriteAllBytes(folder["cut.pt"], bytes[..length]);
            string message = Assert.Throws<InputException>(() => MapFile.Load(folder["cut.pt"])).Message;
            Assert.Contains("cut.pt", message, StringComparison.Ordinal);
        }
    }

    private static double[] Image(MapSettings settings, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, settings.Length).Select(_ => (double)(float)random.NextDouble())];
    }

    private static double[] Logits(MapInference inference, MapSettings settings, double[] image)
    {
        int row = MapSettings.Size * settings.Channels;
        for (int y = 0; y < MapSettings.Size; y++)
            for (int i = 0; i < row; i++)
                inference.Image[y * inference.RowStride + i] = (float)image[y * row + i];
        float[] logits = new float[Classes.Length];
        fixed (float* to = logits)
            inference.Run(to);
        return [.. logits.Select(value => (double)value)];
    }
}
