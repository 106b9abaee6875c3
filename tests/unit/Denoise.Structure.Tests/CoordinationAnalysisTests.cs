using Denoise.Atoms;
using Denoise.Neighbors.Reference;
using Denoise.TestSupport;

namespace Denoise.Structure.Tests;

public sealed class CoordinationAnalysisTests
{
    [Theory]
    [InlineData("fcc", 3.0, 12)]
    [InlineData("fcc", 4.0, 18)]
    [InlineData("bcc", 2.6, 8)]
    [InlineData("bcc", 3.2, 14)]
    [InlineData("sc", 2.6, 6)]
    [InlineData("diamond", 2.6, 4)]
    [InlineData("hcp", 2.6, 12)]
    public void Perfect_crystals_have_their_shells(string name, double cutoff, int expected)
    {
        for (int repeat = 1; repeat <= 3; repeat++)
        {
            using AnalysisFrame frame = new($"coordination:{cutoff}");
            frame.Run(Lattice.Named(name, repeat));
            Assert.All(frame.Column("coordination"), number => Assert.Equal(expected, number));
            Assert.Equal(expected, frame.Global("coordination_mean"));
        }
    }

    [Fact]
    public void All_pairs_are_counted_by_type_on_any_number_of_threads_and_ranks()
    {
        foreach (int seed in Lattice.Seeds)
        {
            Lattice lattice = Lattice.Named(seed % 2 == 0 ? "random" : "bcc", 3).Rattled(0.2, seed);
            Random random = new(seed);
            int[] types = [.. lattice.Positions.Select(_ => random.Next(1, 4))];
            const double Cutoff = 4.1;
            double[][] expected = [.. Enumerable.Range(0, 3).Select(type => lattice.Positions.Select((_, i) =>
                (double)ReferenceNeighbors.Within(lattice.Positions, lattice.Box, i, Cutoff)
                    .Count(n => type == 0 || types[n.Index] == type)).ToArray())];
            foreach (int threads in (int[])[1, 3])
            {
                using AnalysisFrame frame = new($"coordination:cutoff={Cutoff},per_type=2", threads);
                frame.Run(lattice, types: types);
                Assert.Equal(expected[0], frame.Column("coordination"));
                Assert.Equal(expected[1], frame.Column("coordination_1"));
                Assert.Equal(expected[2], frame.Column("coordination_2"));
                Assert.Equal(expected[1].Average(), frame.Global("coordination_1_mean"), 1e-12);
                using RankedFrame ranks = new($"coordination:cutoff={Cutoff},per_type=2", threads);
                ranks.Run(lattice, types: types);
                Assert.Equal(expected[2], ranks.Column("coordination_2"));
                Assert.Equal(frame.Global("coordination_2_mean"), ranks.Global("coordination_2_mean"));
            }
        }
    }

    [Fact]
    public void Frames_without_pairs_do_not_fail()
    {
        foreach (int count in (int[])[0, 1])
        {
            using AnalysisFrame frame = new("coordination:cutoff=3,per_type=1");
            frame.Run(new("few", Box.Orthogonal(9, 9, 9, periodic: count == 0), new Vec3[count]));
            Assert.Equal(0, frame.Global("coordination_mean"));
        }
    }

    [Fact]
    public void Later_frames_allocate_nothing()
    {
        Lattice lattice = Lattice.Named("fcc", 6).Rattled(0.1, 1);
        using AnalysisFrame frame = new("coordination:cutoff=3,per_type=1");
        frame.Run(lattice);
        Assert.Equal(0, Allocations.AfterTheFirst(frame.Again));
    }
}
