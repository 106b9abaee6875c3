using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Structure.Reference;
using Denoise.TestSupport;

namespace Denoise.Structure.Tests;

public sealed unsafe class CommonNeighborAnalysisTests
{
    // Halfway between the shells that end the neighbors.
    private const double FccCutoff = 0.5 * (0.70710678 + 1) * 3.6;
    private const double BccCutoff = 0.5 * (1 + 1.41421356) * 2.87;

    public static TheoryData<int> Seeds => new(Lattice.Seeds);

    [Theory]
    [InlineData("fcc", FccCutoff, StructureType.Fcc)]
    [InlineData("hcp", 0.5 * (1 + 1.41421356) * 2.5, StructureType.Hcp)]
    [InlineData("bcc", BccCutoff, StructureType.Bcc)]
    [InlineData("sc", 3.0, StructureType.Other)]
    public void Perfect_crystals_have_their_type(string name, double cutoff, StructureType type)
    {
        for (int repeat = 1; repeat <= 3; repeat++)
        {
            Lattice lattice = Lattice.Named(name, repeat);
            int[] types = Identified.Types(lattice, cutoff, method: pool => new CommonNeighborAnalysis(pool, cutoff));
            Identified.AssertEqual([.. lattice.Positions.Select(_ => (int)type)], types, $"{name}, {repeat} cells");
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Fast_equals_reference(int seed)
    {
        foreach (string name in (string[])["fcc", "bcc", "hcp", "random"])
        {
            foreach (double sigma in (double[])[0.05, 0.12, 0.3])
            {
                foreach (double cutoff in (double[])[FccCutoff, BccCutoff, 3.9])
                {
                    Lattice lattice = Lattice.Named(name, 3).Rattled(sigma, seed);
                    using GhostShell shell = Identified.Shell(lattice, cutoff);
                    int[] expected = new int[lattice.Positions.Length];
                    for (int i = 0; i < expected.Length; i++)
                        expected[i] = (int)ReferenceCommonNeighbors.Fixed(shell.View, i, cutoff);
                    foreach (int threads in (int[])[1, 3])
                    {
                        int[] actual = Identified.Types(lattice, cutoff, threads, pool => new CommonNeighborAnalysis(pool, cutoff));
                        Identified.AssertEqual(expected, actual, $"{name} rattled by {sigma}, cutoff {cutoff}, seed {seed}");
                    }
                }
            }
        }
    }

    [Fact]
    public void Ghosts_that_do_not_reach_the_cutoff_are_an_error()
    {
        var error = Assert.Throws<InputException>(() =>
            Identified.Types(Lattice.Named("fcc", 2), 3.0, method: pool => new CommonNeighborAnalysis(pool, 3.1)));
        Assert.Contains("3.1 Å", error.Message);
    }

    [Fact]
    public void Later_frames_allocate_nothing()
    {
        Lattice lattice = Lattice.Named("fcc", 6).Rattled(0.1, 1);
        using GhostShell shell = Identified.Shell(lattice, FccCutoff);
        using var pool = new WorkerPool(2);
        using var identifier = new CommonNeighborAnalysis(pool, FccCutoff);
        fixed (int* t = new int[lattice.Positions.Length])
        {
            int* named = t;
            Assert.Equal(0, Allocations.AfterTheFirst(() => identifier.Identify(shell.View, FccCutoff, named)));
        }
    }
}
