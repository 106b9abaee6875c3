using Denoise.Atoms;
using Denoise.TestSupport;

namespace Denoise.Structure.Tests;

public sealed class AverageAnalysisTests
{
    /// <summary>
    /// Atoms shake about sites that drift around the box and change ranks; the first five frames have their arithmetic mean.
    /// </summary>
    [Fact]
    public void Means_follow_atoms_across_edges_and_ranks()
    {
        Lattice crystal = Lattice.Named("hcp", 3);
        Vec3 drift = new(0.6, 0.2, 0.1);
        foreach (int count in (int[])[1, 2, 3])
        {
            using RankedFrame frame = new("average:frames=5", count);
            Vec3[] means = new Vec3[crystal.Positions.Length];
            for (int step = 1; step <= 14; step++)
            {
                Lattice now = crystal.Rattled(0.2, step);
                for (int i = 0; i < means.Length; i++)
                {
                    now.Positions[i] += drift * step;
                    means[i] += (now.Positions[i] - means[i]) * (1.0 / Math.Min(step, 5));
                }

                frame.Run(now);
                // Positions are shown in the image in which the frame has the atom.
                double[] x = frame.Column("average_position[1]"), y = frame.Column("average_position[2]");
                double[] z = frame.Column("average_position[3]");
                for (int i = 0; i < means.Length; i++)
                {
                    Vec3 f = crystal.Box.ToFractional(new Vec3(x[i], y[i], z[i]) - means[i]);
                    Vec3 off = f - new Vec3(Math.Round(f.X), Math.Round(f.Y), Math.Round(f.Z));
                    Assert.True(off.Length < 1e-12, $"step {step}, atom {i}, {count} ranks: off by {off}");
                }

                double square = now.Positions.Select((r, i) => Vec3.Dot(r - means[i], r - means[i])).Average();
                Assert.Equal(Math.Sqrt(square), frame.Global("average_rms"), 1e-8);
            }
        }
    }

    [Fact]
    public void New_atoms_are_where_they_are()
    {
        using RankedFrame frame = new("average:frames=3", 2);
        frame.Run(new("none", Box.Orthogonal(9, 9, 9), []));
        frame.Run(new("one", Box.Orthogonal(9, 9, 9), [new(1, 2, 3)]));
        Assert.Equal((0, 1), (frame.Global("average_rms"), frame.Global("average_unknown_atoms")));
        Assert.Equal(2, frame.Column("average_position[2]")[0]);
    }

    [Fact]
    public void The_number_of_frames_must_be_given() => Assert.Contains("a number of 'frames' must be given",
        Assert.Throws<InputException>(() => new AnalysisFrame("average").Dispose()).Message, StringComparison.Ordinal);

    [Fact]
    public void Later_frames_allocate_nothing()
    {
        using AnalysisFrame frame = new("average:frames=3");
        frame.Run(Lattice.Named("fcc", 4));
        Assert.Equal(0, Allocations.AfterTheFirst(frame.Again));
    }
}
