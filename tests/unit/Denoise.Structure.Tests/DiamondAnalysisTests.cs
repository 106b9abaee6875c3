using Denoise.Atoms;
using Denoise.Structure.Diamond;
using Denoise.Structure.Reference;
using Denoise.TestSupport;

namespace Denoise.Structure.Tests;

public sealed class DiamondAnalysisTests
{
    public static TheoryData<int> Seeds => new(Lattice.Seeds);

    [SharedFact]
    public void Labels_equal_the_published_ones()
    {
        int cases = 0;
        foreach (PublishedLabels published in PublishedLabels.All("identify_diamond"))
        {
            using (published)
                Identified.AssertEqual(published.Labels("identify_diamond"), Labels(published.Lattice), published.Lattice.Name);
            cases++;
        }

        Assert.Equal(10, cases);
    }

    [Theory]
    [InlineData("diamond", DiamondType.Cubic)]
    [InlineData("lonsdaleite", DiamondType.Hexagonal)]
    [InlineData("fcc", DiamondType.Other)]
    [InlineData("bcc", DiamondType.Other)]
    public void Perfect_crystals_have_their_type(string name, DiamondType type)
    {
        for (int repeat = 1; repeat <= 3; repeat++)
        {
            Lattice lattice = name == "lonsdaleite" ? Lonsdaleite(repeat) : Lattice.Named(name, repeat);
            Assert.All(Labels(lattice), label => Assert.Equal((int)type, label));
        }
    }

    [Fact]
    public void Around_a_vacancy_are_first_and_second_neighbors()
    {
        Lattice diamond = Lattice.Named("diamond", 3);
        Lattice lattice = diamond with { Positions = diamond.Positions[1..] };
        using AnalysisFrame frame = new("diamond");
        frame.Run(lattice);
        // Of the atoms that lack one, four have three bonds, twelve only eleven second neighbors: all next to diamond atoms.
        Assert.Equal(16, lattice.Positions.Length - frame.Global("diamond_cubic"));
        Assert.Equal(12, frame.Global("diamond_cubic_first"));
        Assert.Equal(4, frame.Global("diamond_cubic_second"));
        Assert.Equal(ReferenceLabels(lattice), Labels(lattice));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Fast_equals_reference(int seed)
    {
        var random = new Random(seed);
        foreach (double sigma in (double[])[0.02, 0.12, 0.25])
        {
            Lattice cubic = Lattice.Named("diamond", 2).Rattled(sigma, seed), hexagonal = Lonsdaleite(2).Rattled(sigma, seed);
            Check(cubic, "cubic");
            Check(hexagonal, "hexagonal");
            Check(cubic with { Box = cubic.Box with { PeriodicC = false } }, "slab");
            Check(cubic with { Positions = [.. cubic.Positions.Where(_ => random.Next(10) > 0)] }, "with vacancies");
            Check(Lattice.Named("random", 2).Rattled(0, seed), "random");
        }

        void Check(Lattice lattice, string what)
        {
            int[] expected = ReferenceLabels(lattice);
            Identified.AssertEqual(expected, Labels(lattice), $"{what}, seed {seed}");
            Identified.AssertEqual(expected, Labels(lattice, threads: 3), $"{what}, seed {seed}, threads");
            for (int ranks = 2; ranks <= 3; ranks++)
            {
                using RankedFrame frame = new("diamond", ranks);
                Identified.AssertEqual(
                    expected, [.. frame.Run(lattice).Column("diamond").Select(label => (int)label)], $"{what}, seed {seed}, {ranks} ranks");
            }

            int[] order = [.. Enumerable.Range(0, expected.Length)];
            random.Shuffle(order);
            Lattice permuted = lattice with { Positions = [.. order.Select(i => lattice.Positions[i])] };
            Identified.AssertEqual([.. order.Select(i => expected[i])], Labels(permuted), $"{what}, seed {seed}, permuted");
        }
    }

    [Fact]
    public void Few_atoms_are_other()
    {
        var open = Box.Orthogonal(1, 1, 1, periodic: false);
        for (int count = 0; count < 6; count++)
            Assert.All(Labels(new("few", open, [.. Lattice.Named("diamond", 1).Positions[..count]])), label => Assert.Equal(0, label));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Later_frames_allocate_nothing(int threads)
    {
        Lattice diamond = Lattice.Named("diamond", 5).Rattled(0.05, 1);
        Lattice lattice = diamond with { Positions = diamond.Positions[10..] };
        using AnalysisFrame frame = new("diamond", threads);
        frame.Run(lattice);
        Assert.Equal(0, Allocations.AfterTheFirst(frame.Again));
    }

    private static Lattice Lonsdaleite(int repeat) => Lattice.Hexagonal("lonsdaleite", 2.52, Math.Sqrt(8.0 / 3) * 2.52, repeat,
        new(1.0 / 3, 2.0 / 3, 0.0625), new(1.0 / 3, 2.0 / 3, 0.4375), new(2.0 / 3, 1.0 / 3, 0.5625), new(2.0 / 3, 1.0 / 3, 0.9375));

    private static int[] Labels(Lattice lattice, int threads = 1)
    {
        using AnalysisFrame frame = new("diamond", threads);
        return [.. frame.Run(lattice).Column("diamond").Select(label => (int)label)];
    }

    private static int[] ReferenceLabels(Lattice lattice) =>
        [.. ReferenceDiamond.Of(lattice.Positions, lattice.Box, 7).Select(type => (int)type)];
}
