using Denoise.Atoms;
using Denoise.Neighbors;
using Denoise.Structure.AcklandJones;
using Denoise.Structure.Reference;
using Denoise.TestSupport;

namespace Denoise.Structure.Tests;

public sealed class AcklandJonesAnalysisTests
{
    public static TheoryData<int> Seeds => new(Lattice.Seeds);

    [SharedFact]
    public void Labels_equal_the_published_ones()
    {
        int cases = 0;
        foreach (PublishedLabels published in PublishedLabels.All("ackland_jones"))
        {
            using (published)
                Identified.AssertEqual(published.Labels("ackland_jones"), Labels(published.Lattice), published.Lattice.Name);
            cases++;
        }

        Assert.Equal(10, cases);
    }

    [Theory]
    [InlineData("fcc", StructureType.Fcc)]
    [InlineData("hcp", StructureType.Hcp)]
    [InlineData("bcc", StructureType.Bcc)]
    [InlineData("diamond", StructureType.Other)]
    public void Perfect_crystals_have_their_type(string name, StructureType type)
    {
        for (int repeat = 1; repeat <= 3; repeat++)
            Assert.All(Labels(Lattice.Named(name, repeat)), label => Assert.Equal((int)type, label));
    }

    [Fact]
    public void The_center_of_an_icosahedron_is_icosahedral() =>
        Assert.Equal((int)StructureType.Icosahedral, Labels(Lattice.Icosahedron())[0]);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Fast_equals_reference(int seed)
    {
        foreach (string name in (string[])["fcc", "hcp", "bcc", "sc", "diamond", "random"])
        {
            foreach (double sigma in (double[])[0, 0.08, 0.15, 0.4])
            {
                Lattice bulk = Lattice.Named(name, 3).Rattled(sigma, seed);
                Check(bulk, $"{name} rattled by {sigma}, seed {seed}");
                Check(bulk with { Box = bulk.Box with { PeriodicA = false } }, $"slab of {name} rattled by {sigma}, seed {seed}");
            }
        }

        Lattice crystal = Lattice.Named("fcc", 3).Rattled(0.05, seed);
        Lattice open = crystal with { Box = Box.Orthogonal(1, 1, 1, periodic: false) };
        for (int count = 0; count <= 17; count++)
            Check(open with { Positions = open.Positions[..count] }, $"{count} atoms");

        static void Check(Lattice lattice, string what)
        {
            using GhostShell shell = Identified.Shell(lattice, 7);
            ParticleView view = shell.View;
            int[] expected = [.. Enumerable.Range(0, lattice.Positions.Length).Select(i => (int)ReferenceAcklandJones.Of(view, i, 7))];
            Identified.AssertEqual(expected, Labels(lattice), what);
            Identified.AssertEqual(expected, Labels(lattice, threads: 3), $"{what}, threads");
        }
    }

    [Fact]
    public void Later_frames_allocate_nothing()
    {
        using AnalysisFrame frame = new("ackland", threads: 2);
        frame.Run(Lattice.Named("bcc", 6).Rattled(0.1, 1));
        Assert.Equal(0, Allocations.AfterTheFirst(frame.Again));
    }

    private static int[] Labels(Lattice lattice, int threads = 1) =>
        Identified.Types(lattice, 7, threads, pool => new AcklandJonesAnalysis(pool));
}
