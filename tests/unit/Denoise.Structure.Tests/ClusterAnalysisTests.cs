using Denoise.Atoms;
using Denoise.Neighbors.Reference;
using Denoise.Structure.Reference;
using Denoise.TestSupport;

namespace Denoise.Structure.Tests;

public sealed class ClusterAnalysisTests
{
    public static TheoryData<int> Seeds => new(Lattice.Seeds);

    /// <summary>Dilute, near the percolation threshold of the lattice (0.2 with twelve neighbors), and dense.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Flooding_finds_the_same_on_any_number_of_threads_and_ranks(int seed)
    {
        foreach (double share in (double[])[0.05, 0.2, 0.3, 0.9])
        {
            Lattice lattice = Lattice.Named(seed % 2 == 0 ? "fcc" : "hcp", 4).Rattled(0.1, seed);
            Random random = new(seed);
            int[] structures = [.. lattice.Positions.Select(_ => random.NextDouble() < share ? 2 : random.Next(2))];
            long[] ids = [.. lattice.Positions.Select((_, i) => 7L * i + 3)];
            random.Shuffle(ids);
            const double Cutoff = 3.1;
            bool[] members = [.. structures.Select(type => type == 2)];
            (long[] numbers, long[] sizes, double gyration, bool endless) = Expected(lattice, members, ids, Cutoff);
            string what = $"seed {seed}, share {share}";

            using AnalysisFrame one = new($"clusters:hcp,cutoff={Cutoff}");
            one.Run(lattice, ids: ids, structures: structures);
            Check(one.Column, one.Global);
            using AnalysisFrame three = new($"clusters:hcp,cutoff={Cutoff}", 3);
            three.Run(lattice, ids: ids, structures: structures);
            Check(three.Column, three.Global);
            foreach (int count in (int[])[1, 2, 5])
            {
                using RankedFrame ranks = new($"clusters:hcp,cutoff={Cutoff}", count);
                ranks.Run(lattice, ids: ids, structures: structures);
                Check(ranks.Column, ranks.Global);
                Assert.Equal(one.Global("cluster_largest_gyration"), ranks.Global("cluster_largest_gyration"));
            }

            void Check(Func<string, double[]> column, Func<string, double> global)
            {
                Assert.Equal(numbers, column("cluster").Select(v => (long)v));
                Assert.Equal(sizes, column("cluster_size").Select(v => (long)v));
                Assert.Equal(numbers.Max(), global("cluster_count"));
                Assert.Equal(sizes.Max(), global("cluster_largest"));
                Assert.True(endless == (global("cluster_largest_endless") == 1), what);
                if (!endless)
                    Assert.True(Math.Abs(gyration - global("cluster_largest_gyration")) < 1e-5, what);
            }
        }
    }

    [Fact]
    public void Types_of_atoms_choose_too_and_what_is_not_selected_is_in_no_cluster()
    {
        Vec3[] positions = [new(0.5, 1, 1), new(9.5, 1, 1), new(8.5, 1, 1), new(4, 1, 1), new(5, 1, 1), new(4.5, 1.5, 1)];
        Lattice lattice = new("six", Box.Orthogonal(10, 10, 10), positions);
        using AnalysisFrame frame = new("clusters:type=2+3,cutoff=1.1");
        frame.Run(lattice, types: [2, 2, 3, 3, 1, 2]);
        Assert.Equal([1, 1, 1, 2, 0, 2], frame.Column("cluster"));
        Assert.Equal([3, 3, 3, 2, 0, 2], frame.Column("cluster_size"));
        // At 0.5, -0.5 and -1.5.
        Assert.Equal(Math.Sqrt(2.0 / 3), frame.Global("cluster_largest_gyration"), 1e-6);
        frame.Run(lattice, types: [2, 2, 3, 3, 1, 2], selection: [1, 0, 1, 1, 1, 1]);
        Assert.Equal([2, 0, 3, 1, 0, 1], frame.Column("cluster"));
    }

    /// <summary>A line that winds through many ranks many times: labels must go the whole way.</summary>
    [Fact]
    public void A_long_chain_is_one_cluster()
    {
        Vec3[] chain = [.. Enumerable.Range(0, 400).Select(k => new Vec3(0.9 * k % 36, 1.05 * Math.Floor(k / 40.0), 5))];
        Lattice lattice = new("chain", new(new(36, 0, 0), new(3, 40, 0), new(0, 0, 9), default, true, false, true), chain);
        using RankedFrame frame = new("clusters:all,cutoff=0.95", 4);
        frame.Run(lattice, nearestRange: 1);
        Assert.Equal(10, frame.Global("cluster_count"));
        Assert.Equal(1, frame.Global("cluster_largest_endless"));
        Assert.Equal(40, frame.Global("cluster_largest"));
    }

    [Fact]
    public void Frames_without_atoms_have_no_clusters()
    {
        using AnalysisFrame frame = new("clusters:cutoff=3");
        frame.Run(new("none", Box.Orthogonal(9, 9, 9), []));
        Assert.Equal(0, frame.Global("cluster_count"));
        frame.Run(new("one", Box.Orthogonal(9, 9, 9, periodic: false), [new(1, 2, 3)]));
        Assert.Equal((1, 1, 0), (frame.Global("cluster_count"), frame.Global("cluster_largest"), frame.Global("cluster_largest_gyration")));
        // Its own image is its neighbor.
        frame.Run(new("one", Box.Orthogonal(2, 9, 9), [new(1, 2, 3)]));
        Assert.Equal((1, 1), (frame.Global("cluster_largest"), frame.Global("cluster_largest_endless")));
    }

    [Theory]
    [InlineData("clusters:liquid,cutoff=3", "'liquid' is no structure; there are all, other, fcc")]
    [InlineData("clusters:fcc", "a distance 'cutoff' must be given")]
    [InlineData("clusters:type=a,cutoff=3", "a whole number")]
    public void What_is_wrong_is_said(string text, string expected)
    {
        string message = Assert.Throws<InputException>(() => new AnalysisFrame(text).Dispose()).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Structures_need_an_identification()
    {
        foreach (int count in (int[])[1, 2])
        {
            using RankedFrame frame = new("clusters:fcc,cutoff=3", count);
            Assert.Contains("needs a structure identification",
                Assert.Throws<InputException>(() => frame.Run(Lattice.Named("fcc", 2))).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Later_frames_allocate_nothing()
    {
        using AnalysisFrame frame = new("clusters:all,cutoff=3");
        frame.Run(Lattice.Named("random", 6));
        Assert.Equal(0, Allocations.AfterTheFirst(frame.Again));
    }

    private static (long[] Numbers, long[] Sizes, double Gyration, bool Endless) Expected(
        Lattice lattice, bool[] members, long[] ids, double cutoff)
    {
        var found = ReferenceClusters.Find(lattice.Positions, lattice.Box, members, cutoff);
        int[] indices = [.. Enumerable.Range(0, members.Length)];
        int[][] clusters = [.. indices.Where(i => members[i]).GroupBy(i => found[i].First).Select(g => g.ToArray())
            .OrderByDescending(c => c.Length).ThenBy(c => c.Min(i => ids[i]))];
        long[] numbers = new long[members.Length], sizes = new long[members.Length];
        for (int k = 0; k < clusters.Length; k++)
            foreach (int i in clusters[k])
                (numbers[i], sizes[i]) = (k + 1, clusters[k].Length);
        bool endless = clusters[0].Any(i => ReferenceNeighbors.Within(lattice.Positions, lattice.Box, i, cutoff)
            .Any(n => members[n.Index] && (found[n.Index].Position - found[i].Position - n.Vector).Length > 0.1));
        Vec3 sum = default;
        foreach (int i in clusters[0])
            sum += found[i].Position;
        Vec3 center = sum * (1.0 / clusters[0].Length);
        double square = clusters[0].Average(i => Vec3.Dot(found[i].Position - center, found[i].Position - center));
        return (numbers, sizes, Math.Sqrt(square), endless);
    }
}
