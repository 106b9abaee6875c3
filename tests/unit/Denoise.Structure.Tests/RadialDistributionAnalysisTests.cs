using System.Globalization;
using System.Text.Json;
using Denoise.Atoms;
using Denoise.Neighbors.Reference;
using Denoise.TestSupport;

namespace Denoise.Structure.Tests;

public sealed class RadialDistributionAnalysisTests
{
    [SharedFact]
    public void Partial_functions_are_those_of_ovito()
    {
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllText(SharedReference.Path("ovito/rdf.json")));
        string[] elements = [.. expected.RootElement.GetProperty("elements").EnumerateArray().Select(e => e.GetString()!)];
        (Lattice lattice, int[] types) = XyzFile.Read("rdf.xyz", elements);
        foreach (int ranks in (int[])[1, 2, 3])
        {
            using RankedFrame frame = new("rdf:cutoff=5,bins=50,partial=3", ranks);
            frame.Run(lattice, types: types);
            for (int a = 1; a <= 3; a++)
            {
                for (int b = a; b <= 3; b++)
                {
                    double[] g = [.. expected.RootElement.GetProperty("g")[a - 1][b - 1].EnumerateArray().Select(v => v.GetDouble())];
                    Tolerance.AssertClose(g, Bins(frame.Global, $"rdf_{a}-{b}", 50), 1e-10, $"types {a} and {b}");
                }
            }
        }
    }

    [Fact]
    public void Every_pair_is_in_its_bin_on_any_number_of_threads_and_ranks()
    {
        const int BinCount = 37;
        const double Cutoff = 6.3;
        foreach (int seed in Lattice.Seeds)
        {
            Lattice lattice = Lattice.Named("random", 2).Rattled(0.2, seed);
            int count = lattice.Positions.Length;
            double[] expected = new double[BinCount];
            for (int i = 0; i < count; i++)
                foreach (ReferenceNeighbors.Neighbor n in ReferenceNeighbors.Within(lattice.Positions, lattice.Box, i, Cutoff))
                    expected[(int)(Math.Sqrt(n.DistanceSquared) / Cutoff * BinCount)]++;
            for (int k = 0; k < BinCount; k++)
                expected[k] *= lattice.Box.Volume / count / count / (4 * Math.PI / 3 * (Math.Pow(k + 1, 3) - Math.Pow(k, 3)))
                    * Math.Pow(BinCount / Cutoff, 3);
            using AnalysisFrame frame = new($"rdf:{Cutoff},bins={BinCount}", 3);
            frame.Run(lattice);
            Tolerance.AssertClose(expected, Bins(frame.Global, "rdf", BinCount), 1e-11, $"seed {seed}");
            using RankedFrame ranks = new($"rdf:{Cutoff},bins={BinCount}", 3);
            Assert.Equal(Bins(frame.Global, "rdf", BinCount), Bins(ranks.Run(lattice).Global, "rdf", BinCount));
        }
    }

    /// <summary>Pairs are counted from both atoms where some are selected, and once where none are.</summary>
    [Theory]
    [InlineData("rdf:cutoff=5.5,bins=23")]
    [InlineData("rdf:cutoff=5.5,bins=23,partial=2")]
    [InlineData("rdf:cutoff=5.5,bins=5000")]
    public void All_selected_is_the_same_as_no_selection(string text)
    {
        foreach (int seed in Lattice.Seeds)
        {
            Lattice lattice = Lattice.Named("random", 2).Rattled(0.2, seed);
            int[] types = [.. lattice.Positions.Select((_, atom) => 1 + atom % 3 % 2)], all = [.. types.Select(_ => 1)];
            using AnalysisFrame without = new(text, 2), with = new(text, 2);
            without.Run(lattice, types: types);
            with.Run(lattice, types: types, selection: all);
            Assert.Equal(with.Context.Output.Globals.ToArray(), without.Context.Output.Globals.ToArray());
        }
    }

    /// <summary>The shells of a crystal lie on edges of bins: 12 pairs at a / √2, 6 at a, whichever way coordinates are rounded.</summary>
    [Fact]
    public void Distances_on_an_edge_all_go_one_way()
    {
        Lattice lattice = Lattice.Named("fcc", 3);
        for (int k = 0; k < 20; k++)
        {
            Vec3 shift = new(0.137 * k, 1.3 * k, 0.71 * k);
            using AnalysisFrame frame = new("rdf:cutoff=4,bins=40");
            frame.Run(lattice with { Positions = [.. lattice.Positions.Select(r => r + shift)] });
            double density = lattice.Positions.Length / lattice.Box.Volume;
            double shell = 6 / (density * 4 * Math.PI / 3 * (Math.Pow(3.7, 3) - Math.Pow(3.6, 3)));
            Assert.Equal(shell, frame.Global("rdf[37]"), 1e-10);
            Assert.Equal(0, frame.Global("rdf[36]"));
        }
    }

    [Fact]
    public void Without_a_box_there_is_no_density()
    {
        using AnalysisFrame frame = new("rdf:cutoff=4");
        string message = Assert.Throws<InputException>(() => frame.Run(Lattice.Named("fcc", 2), tellsBox: false)).Message;
        Assert.Contains("needs the box", message);
    }

    [Fact]
    public void Frames_without_pairs_do_not_fail()
    {
        foreach (int count in (int[])[0, 1])
        {
            using AnalysisFrame frame = new("rdf:cutoff=3,partial=2,bins=4");
            frame.Run(new("few", Box.Orthogonal(9, 9, 9, periodic: count == 0), new Vec3[count]));
            Assert.All(frame.Analysis.Globals, global => Assert.Equal(0, frame.Global(global.Name)));
        }
    }

    private static double[] Bins(Func<string, double> global, string name, int count) =>
        [.. Enumerable.Range(1, count).Select(k => global(string.Create(CultureInfo.InvariantCulture, $"{name}[{k}]")))];
}
