using Denoise.Atoms;
using Denoise.Networks.Maps;
using Denoise.TestSupport;

namespace Denoise.Structure.Tests;

public sealed class NeighborsMapAnalysisTests : IDisposable
{
    private const double Range = 4.4;

    private static readonly string[] Classes = ["bcc", "glass", "none", "fcc"];

    private readonly ScratchFolder _folder = new();

    public static TheoryData<string> Lattices => ["fcc", "bcc", "hcp", "diamond", "random"];

    [Theory]
    [MemberData(nameof(Lattices))]
    public void Names_are_those_of_the_reference(string name)
    {
        MapNetwork network = Save(3);
        Lattice lattice = Lattice.Named(name, 2).Rattled(0.15, 1);
        using AnalysisFrame frame = new($"map:{_folder["maps.pt"]}");
        double[] numbers = frame.Run(lattice, Range).Column("map"), probabilities = frame.Column("map_probability");
        int[] expected = StructureTable.NumbersOf(Classes);
        for (int i = 0; i < lattice.Positions.Length; i++)
        {
            double[] logits = ReferenceMapNetwork.Logits(network, Reference(lattice, i, network.Settings));
            double most = logits.Max();
            int best = Array.IndexOf(logits, most);
            Assert.Equal(1 / logits.Sum(l => Math.Exp(l - most)), probabilities[i], 1e-4);
            if (most - logits.Where((_, k) => k != best).Max() > 1e-4)
                Assert.Equal(expected[best], numbers[i]);
        }

        Assert.Equal(lattice.Positions.Length,
            frame.Global("map_other") + frame.Global("map_bcc") + frame.Global("map_fcc") + frame.Global("map_glass"));
    }

    [Fact]
    public void Ranks_and_threads_make_no_difference()
    {
        Save(3);
        Lattice lattice = Lattice.Named("fcc", 4).Rattled(0.15, 1);
        using AnalysisFrame one = new($"map:{_folder["maps.pt"]}"), threads = new($"map:{_folder["maps.pt"]}", threads: 3);
        double[] expected = one.Run(lattice, Range).Column("map");
        Assert.Equal(expected, threads.Run(lattice, Range).Column("map"));
        using RankedFrame ranked = new($"map:{_folder["maps.pt"]}", 3);
        Assert.Equal(expected, ranked.Run(lattice, Range).Column("map"));
    }

    [Fact]
    public void Who_is_not_sure_says_none()
    {
        Save(3);
        Lattice lattice = Lattice.Named("bcc", 3).Rattled(0.15, 1);
        using AnalysisFrame frame = new($"map:{_folder["maps.pt"]},confidence=1");
        Assert.All(frame.Run(lattice, Range).Column("map"), number => Assert.Equal(0, number));
    }

    [Theory]
    [InlineData("map")]
    [InlineData("map:nothing.pt")]
    [InlineData("map:x.pt,confidence=2")]
    public void What_is_wrong_is_said(string text)
    {
        string message = Assert.Throws<InputException>(() => new AnalysisFrame(text)).Message;
        Assert.Contains(text.Contains("nothing", StringComparison.Ordinal) ? "nothing.pt" : "map", message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private MapNetwork Save(int seed)
    {
        MapNetwork network = TestMaps.Create(Classes, seed);
        MapFile.Save(_folder["maps.pt"], network, new Dictionary<string, string>());
        return network;
    }

    /// <summary>The image of an atom from all of its surroundings, images included.</summary>
    private static unsafe double[] Reference(Lattice lattice, int atom, MapSettings settings)
    {
        using Denoise.Neighbors.GhostShell shell = Identified.Shell(lattice, Range);
        double* r = shell.Positions.Pointer;
        List<(double X, double Y, double Z)> positions = [(r[3 * atom], r[3 * atom + 1], r[3 * atom + 2])];
        for (int k = 0; k < shell.View.Count; k++)
            if (k != atom)
                positions.Add((r[3 * k], r[3 * k + 1], r[3 * k + 2]));
        return ReferenceMapImage.Of(settings, positions, new int[positions.Count], Range / MapSettings.UsualReach);
    }
}
