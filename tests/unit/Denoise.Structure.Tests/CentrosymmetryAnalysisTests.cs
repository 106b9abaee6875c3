using Denoise.Atoms;
using Denoise.Neighbors;
using Denoise.Structure.Reference;
using Denoise.TestSupport;

namespace Denoise.Structure.Tests;

public sealed class CentrosymmetryAnalysisTests
{
    public static TheoryData<int> Seeds => new(Lattice.Seeds);

    [SharedTheory]
    [InlineData("greedy")]
    [InlineData("matching")]
    public void Values_equal_the_published_ones(string method)
    {
        int cases = 0;
        foreach (PublishedLabels published in PublishedLabels.All("centrosymmetry"))
        {
            using (published)
            {
                int neighbors = (int)published.Number("centrosymmetry_neighbors");
                double[] actual = Values(published.Lattice, $"centro:neighbors={neighbors},method={method}");
                double[] expected = published.Values("centrosymmetry");
                if (method == "greedy")
                    Tolerance.AssertClose(expected, actual, 2e-6, published.Lattice.Name);
                else
                    Assert.All(expected.Zip(actual), pair => Assert.True(pair.Second > pair.First - 2e-6));
                cases++;
            }
        }

        Assert.Equal(8, cases);
    }

    [Theory]
    [InlineData("fcc", 12)]
    [InlineData("bcc", 8)]
    [InlineData("bcc", 14)]
    [InlineData("sc", 6)]
    public void Crystals_with_inversion_have_none(string name, int neighbors)
    {
        foreach (string method in (string[])["greedy", "matching"])
        {
            for (int repeat = 1; repeat <= 3; repeat++)
            {
                double[] values = Values(Lattice.Named(name, repeat), $"centro:neighbors={neighbors},method={method}");
                Assert.All(values, value => Assert.InRange(value, 0, 1e-20));
            }
        }
    }

    [Fact]
    public void Hcp_has_the_closed_form()
    {
        // Six of twelve neighbors have no opposite. Greedily every pair of the others has |r_i + r_j|^2 of d^2 at least;
        // in a matching, each of three above pairs with one below, the sum being d/√3 long.
        Lattice hcp = Lattice.Named("hcp", 3);
        Assert.All(Values(hcp, "centro"), value => Assert.Equal(3 * 2.5 * 2.5 / 3, value, 1e-10));
        Assert.All(Values(hcp, "centro:method=matching"), value => Assert.Equal(3 * 2.5 * 2.5 / 3, value, 1e-10));
    }

    [Fact]
    public void A_neighbor_of_a_vacancy_pairs_the_lone_one_as_well_as_it_can()
    {
        Lattice fcc = Lattice.Named("fcc", 4);
        Lattice lattice = fcc with { Positions = fcc.Positions[1..] };
        // The twelfth is one of six in the second shell; the one that fits best counts: (½, ½, 0) a and (0, -1, 0) a.
        double expected = 0.5 * 3.6 * 3.6;
        foreach (string method in (string[])["greedy", "matching"])
        {
            double[] values = Values(lattice, $"centro:method={method}");
            Assert.Equal(12, values.Count(value => Math.Abs(value - expected) < 1e-10));
            Assert.Equal(lattice.Positions.Length - 12, values.Count(value => value < 1e-20));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Fast_equals_reference(int seed)
    {
        foreach (string name in (string[])["fcc", "hcp", "bcc", "diamond", "random"])
        {
            Lattice bulk = Lattice.Named(name, 2).Rattled(0.05 + 0.02 * (seed % 10), seed);
            Check(bulk, $"{name}, seed {seed}");
            Check(bulk with { Box = bulk.Box with { PeriodicB = false } }, $"{name}, slab, seed {seed}");
            if (seed == Lattice.Seeds[0])
                Check(Lattice.Named(name, 2) with { Box = Lattice.Named(name, 2).Box with { PeriodicA = false } }, $"{name}, perfect slab");
        }

        void Check(Lattice lattice, string what)
        {
            using GhostShell shell = Identified.Shell(lattice, 7);
            foreach (int neighbors in (int[])[2, 6, 8, 12])
            {
                foreach (string method in (string[])["greedy", "matching"])
                {
                    bool isMatching = method == "matching";
                    string text = $"centro:neighbors={neighbors},method={method}";
                    double[] actual = Values(lattice, text);
                    for (int i = 0; i < actual.Length; i += isMatching && neighbors == 12 ? 23 : 3)
                    {
                        double expected = ReferenceCentrosymmetry.Of(shell.View, i, neighbors, isMatching, 7);
                        Assert.True(Math.Abs(expected - actual[i]) <= 1e-10, $"{what}, {text}: atom {i} has {actual[i]}, not {expected}");
                    }

                    Assert.Equal(actual, Values(lattice, text, threads: 3));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Rotations_and_the_order_of_atoms_make_no_difference(int seed)
    {
        var random = new Random(seed);
        foreach (string text in (string[])["centro", "centro:neighbors=14", "centro:neighbors=14,method=matching", "centro:neighbors=16"])
        {
            foreach (string name in (string[])["fcc", "bcc", "hcp"])
            {
                Lattice bulk = Lattice.Named(name, 3), lattice = bulk with { Positions = bulk.Positions[2..] };
                double[] expected = Values(lattice, text);
                int[] order = [.. Enumerable.Range(0, expected.Length)];
                random.Shuffle(order);
                Lattice permuted = lattice with { Positions = [.. order.Select(i => lattice.Positions[i])] };
                Tolerance.AssertClose([.. order.Select(i => expected[i])], Values(permuted, text), Tolerance.SymmetryDouble, "permuted");
                double angle = 2 * Math.PI * random.NextDouble(), c = Math.Cos(angle), s = Math.Sin(angle);
                Lattice rotated = lattice.Mapped(r => new(c * r.X - s * r.Y, s * r.X + c * r.Y, r.Z));
                Tolerance.AssertClose(expected, Values(rotated, text), Tolerance.SymmetryDouble, "rotated");
            }
        }
    }

    [Fact]
    public void Ranks_make_no_difference()
    {
        Lattice lattice = Lattice.Named("hcp", 4).Rattled(0.1, 1);
        foreach (string text in (string[])["centro", "centro:neighbors=14,method=matching"])
        {
            double[] expected = Values(lattice, text);
            using RankedFrame frame = new(text, 3);
            Tolerance.AssertClose(expected, frame.Run(lattice).Column("centrosymmetry"), 1e-12, text);
        }
    }

    [Theory]
    [InlineData("centro")]
    [InlineData("centro:method=matching")]
    public void Later_frames_allocate_nothing(string text)
    {
        using AnalysisFrame frame = new(text, threads: 2);
        frame.Run(Lattice.Named("fcc", 6).Rattled(0.1, 1));
        Assert.Equal(0, Allocations.AfterTheFirst(frame.Again));
    }

    [Fact]
    public void Few_atoms_have_the_pairs_there_are()
    {
        var open = Box.Orthogonal(1, 1, 1, periodic: false);
        foreach (string method in (string[])["greedy", "matching"])
        {
            string text = $"centro:method={method}";
            Assert.Empty(Values(new("none", open, []), text));
            Assert.Equal([0], Values(new("one", open, [new(1, 2, 3)]), text));
            Assert.Equal([0, 0], Values(new("two", open, [new(0, 0, 0), new(2, 0, 0)]), text));
            Assert.Equal([9, 0, 9], Values(new("three on a line", open, [new(0, 0, 0), new(1, 0, 0), new(2, 0, 0)]), text));
            // Three neighbors: one is left over.
            Assert.Equal(0, Values(new("four", open, [new(0, 0, 0), new(1, 0, 0), new(-1, 0, 0), new(0, 1.5, 0)]), text)[0]);
        }
    }

    [Theory]
    [InlineData("centro:neighbors=7", "an even number")]
    [InlineData("centro:neighbors=18", "from 2 to 16")]
    [InlineData("centro:method=best", "one of greedy, matching")]
    public void What_is_wrong_is_said(string text, string expected)
    {
        string message = Assert.Throws<InputException>(() => new AnalysisFrame(text).Dispose()).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lengths_are_those_of_the_host()
    {
        using AnalysisFrame frame = new("centro");
        frame.Context.HostPerAngstrom = 0.1;
        double expected = 0.01 * 2.5 * 2.5;
        Assert.All(frame.Run(Lattice.Named("hcp", 3)).Column("centrosymmetry"), value => Assert.Equal(expected, value, 1e-12));
    }

    private static double[] Values(Lattice lattice, string text, int threads = 1)
    {
        using AnalysisFrame frame = new(text, threads);
        return frame.Run(lattice).Column("centrosymmetry");
    }
}
