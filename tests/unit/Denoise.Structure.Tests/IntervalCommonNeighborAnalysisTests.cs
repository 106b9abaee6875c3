using Denoise.Atoms;
using Denoise.Neighbors;
using Denoise.Structure.Reference;
using Denoise.TestSupport;

namespace Denoise.Structure.Tests;

public sealed class IntervalCommonNeighborAnalysisTests
{
    public static TheoryData<int> Seeds => new(Lattice.Seeds);

    [Theory]
    [InlineData("fcc", StructureType.Fcc)]
    [InlineData("hcp", StructureType.Hcp)]
    [InlineData("bcc", StructureType.Bcc)]
    [InlineData("sc", StructureType.Other)]
    [InlineData("diamond", StructureType.Other)]
    public void Perfect_crystals_have_their_type(string name, StructureType type)
    {
        for (int repeat = 1; repeat <= 4; repeat++)
            Assert.All(Labels(Lattice.Named(name, repeat)), label => Assert.Equal((int)type, label));
    }

    [Fact]
    public void The_center_of_an_icosahedron_is_icosahedral() =>
        Assert.Equal((int)StructureType.Icosahedral, Labels(Lattice.Icosahedron())[0]);

    /// <summary>On cold crystals there is nothing to choose: CNA with a cutoff, adaptive and interval CNA agree.</summary>
    [SharedFact]
    public void Labels_of_cold_crystals_equal_the_published_ones_of_cna()
    {
        foreach (PublishedLabels published in PublishedLabels.All("cna"))
        {
            using (published)
                Identified.AssertEqual(published.Labels("cna"), Labels(published.Lattice), published.Lattice.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Fast_equals_reference(int seed)
    {
        foreach (string name in (string[])["fcc", "hcp", "bcc", "sc", "diamond", "random"])
        {
            foreach (double sigma in (double[])[1e-9, 0.08, 0.15, 0.25])
            {
                Lattice bulk = Lattice.Named(name, 3).Rattled(sigma, seed);
                Check(bulk, $"{name} rattled by {sigma}, seed {seed}");
                Check(bulk with { Box = bulk.Box with { PeriodicA = false } }, $"slab of {name} rattled by {sigma}, seed {seed}");
            }
        }

        Lattice crystal = Lattice.Named("fcc", 3).Rattled(0.05, seed);
        Check(crystal.Mapped(r => new(1.1 * r.X + 0.1 * r.Y, 0.95 * r.Y, r.Z - 0.04 * r.X)), "strained");
        Lattice open = crystal with { Box = Box.Orthogonal(1, 1, 1, periodic: false) };
        for (int count = 0; count <= 17; count++)
            Check(open with { Positions = open.Positions[..count] }, $"{count} atoms");

        static void Check(Lattice lattice, string what)
        {
            using GhostShell shell = Identified.Shell(lattice, 7);
            ParticleView view = shell.View;
            int[] expected = new int[lattice.Positions.Length];
            for (int i = 0; i < expected.Length; i++)
                expected[i] = (int)ReferenceCommonNeighbors.Interval(view, i, 7);
            Identified.AssertEqual(expected, Labels(lattice), what);
            Identified.AssertEqual(expected, Labels(lattice, threads: 3), $"{what}, threads");
        }
    }

    [Theory]
    [InlineData("fcc", StructureType.Fcc)]
    [InlineData("hcp", StructureType.Hcp)]
    public void Names_more_hot_atoms_than_adaptive_analysis(string name, StructureType type)
    {
        // Larsen's finding: no atom of a crystal is lost to the choice of the cutoff.
        int adaptive = 0, interval = 0;
        foreach (int seed in Lattice.Seeds)
        {
            Lattice lattice = Lattice.Named(name, 4).Rattled(0.2, seed);
            adaptive += Identified.Types(lattice).Count(label => label == (int)type);
            interval += Labels(lattice).Count(label => label == (int)type);
        }

        Assert.True(interval > 1.1 * adaptive, $"{interval} and {adaptive}");
    }

    [Fact]
    public void Later_frames_allocate_nothing()
    {
        using AnalysisFrame frame = new("icna", threads: 2);
        frame.Run(Lattice.Named("bcc", 6).Rattled(0.1, 1));
        Assert.Equal(0, Allocations.AfterTheFirst(frame.Again));
    }

    private static int[] Labels(Lattice lattice, int threads = 1) =>
        Identified.Types(lattice, 7, threads, pool => new IntervalCommonNeighborAnalysis(pool));
}
