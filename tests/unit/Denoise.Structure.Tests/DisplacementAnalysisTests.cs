using Denoise.Atoms;
using Denoise.TestSupport;

namespace Denoise.Structure.Tests;

public sealed class DisplacementAnalysisTests
{
    public static TheoryData<int> Seeds => new(Lattice.Seeds);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Atoms_are_found_again_by_id_on_any_number_of_ranks(int seed)
    {
        Random random = new(seed);
        Lattice before = Lattice.Named("hcp", 3);
        double Some() => random.NextDouble() - 0.5;
        Vec3[] moves = [.. before.Positions.Select(_ => new Vec3(Some(), Some(), Some()))];
        long[] ids = [.. before.Positions.Select((_, i) => (seed % 2 == 0 ? 1L << 40 : 3) * (i + 1))];
        int[] order = [.. Enumerable.Range(0, moves.Length)];
        random.Shuffle(order);
        // Later, atoms come in another order and lie in any image.
        Vec3 AnyImage(int i) => before.Positions[i] + before.Box.A * random.Next(-2, 3) + before.Box.B * random.Next(-2, 3);
        Lattice after = before with { Positions = [.. order.Select(i => AnyImage(i) + moves[i])] };
        double[] square = [.. Enumerable.Range(0, 3).Select(axis => moves.Average(d => d[axis] * d[axis]))];
        double? msd = null;
        foreach (int ranks in (int[])[1, 2, 3])
        {
            foreach (string text in (string[])["msd", "msd:reference=any", "msd:mapping=affine,unwrap"])
            {
                using RankedFrame frame = new(text, ranks, ReferenceFrames.Of(before, ids: ids));
                frame.Run(before, ids: ids);
                Assert.Equal(0, frame.Global("msd"));
                frame.Run(after, ids: [.. order.Select(i => ids[i])]);
                for (int axis = 0; axis < 3; axis++)
                {
                    double[] expected = [.. order.Select(i => moves[i][axis])];
                    Tolerance.AssertClose(expected, frame.Column($"reference_displacement[{axis + 1}]"), 1e-12, text);
                    Assert.Equal(square[axis], frame.Global($"msd[{axis + 1}]"), 1e-9);
                }

                Tolerance.AssertClose([.. order.Select(i => moves[i].Length)], frame.Column("reference_distance"), 1e-12, text);
                Assert.Equal(msd ??= frame.Global("msd"), frame.Global("msd"));
                Assert.Equal(0, frame.Global("msd_unknown_atoms"));
            }
        }
    }

    /// <summary>More than are added up at once, and one whose square is too large for that.</summary>
    [Fact]
    public void Many_and_far_atoms_are_in_the_mean_of_those_selected()
    {
        const int Count = 6001, Far = 7, Selected = Count / 2;
        Box open = Box.Orthogonal(10, 10, 10, periodic: false);
        Vec3[] before = [.. Enumerable.Range(0, Count).Select(i => new Vec3(i, 0, 0))];
        Vec3[] after = [.. before.Select((r, i) => r + (i == Far ? new Vec3(1 << 13, 0, 0) : new(0, 0.5, -0.25)))];
        int[] selection = [.. before.Select((_, i) => i % 2)];
        using AnalysisFrame frame = new("msd");
        frame.Run(new("before", open, before), selection: selection);
        frame.Run(new("after", open, after), selection: selection);
        Assert.Equal(Math.Pow(2, 26) / Selected, frame.Global("msd[1]"));
        Assert.Equal(0.25 * (Selected - 1) / Selected, frame.Global("msd[2]"), 1e-12);
        Assert.Equal(0.0625 * (Selected - 1) / Selected, frame.Global("msd[3]"), 1e-12);
    }

    [Fact]
    public void The_shortest_image_of_a_skewed_box_counts()
    {
        Box box = new(new(6, 0, 0), new(2.9, 6, 0), new(-2.8, 2.9, 6), new(1, 2, 3), true, true, true);
        Random random = new(5);
        for (int trial = 0; trial < 200; trial++)
        {
            Vec3 Any() => new(20 * random.NextDouble(), 20 * random.NextDouble(), 20 * random.NextDouble());
            Vec3 a = Any(), b = Any();
            double shortest = double.PositiveInfinity;
            for (int code = 0; code < 15 * 15 * 15; code++)
                shortest = Math.Min(shortest,
                    (b - a + box.A * (code % 15 - 7) + box.B * (code / 15 % 15 - 7) + box.C * (code / 225 - 7)).Length);
            using AnalysisFrame frame = new("msd");
            frame.Run(new("one", box, [a]));
            Assert.Equal(shortest, frame.Run(new("one", box, [b])).Column("reference_distance")[0], 1e-10);
        }
    }

    [Fact]
    public void Atoms_may_go_around_the_box_where_they_are_followed()
    {
        foreach (int ranks in (int[])[1, 3])
        {
            using RankedFrame frame = new("msd:unwrap", ranks);
            for (int step = 0; step <= 20; step++)
            {
                Vec3[] positions = [new(1 + 0.7 * step, 1, 1), new(3, 3 - 0.9 * step, 3 + 0.4 * step)];
                frame.Run(new("two", Box.Orthogonal(5, 5, 5), positions), nearestRange: 2);
                Tolerance.AssertClose([0.7 * step, 0], frame.Column("reference_displacement[1]"), 1e-12, $"step {step}");
                Tolerance.AssertClose([0, -0.9 * step], frame.Column("reference_displacement[2]"), 1e-12, $"step {step}");
                Tolerance.AssertClose([0, 0.4 * step], frame.Column("reference_displacement[3]"), 1e-12, $"step {step}");
            }
        }
    }

    [Fact]
    public void Atoms_that_the_reference_does_not_know_are_counted()
    {
        using RankedFrame frame = new("msd", 2);
        frame.Run(new("none", Box.Orthogonal(9, 9, 9), []));
        frame.Run(new("one", Box.Orthogonal(9, 9, 9), [new(1, 2, 3)]));
        Assert.Equal((0, 1), (frame.Global("msd"), frame.Global("msd_unknown_atoms")));
    }

    [Fact]
    public void What_is_missing_is_said()
    {
        using AnalysisFrame frame = new("msd");
        Assert.Contains("needs the box",
            Assert.Throws<InputException>(() => frame.Run(Lattice.Named("fcc", 2), tellsBox: false)).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be read from a file here",
            Assert.Throws<InputException>(() => new AnalysisFrame("msd:reference=a").Dispose()).Message, StringComparison.Ordinal);
        Lattice two = new("two", Box.Orthogonal(9, 9, 9), new Vec3[2]);
        using RankedFrame twice = new("msd", 2);
        Assert.Contains("two atoms of the reference have the id 7",
            Assert.Throws<InputException>(() => twice.Run(two, ids: [7, 7])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("msd:unwrap")]
    [InlineData("wigner-seitz")]
    [InlineData("strain:cutoff=3")]
    public void Later_frames_allocate_nothing(string text)
    {
        using AnalysisFrame frame = new(text);
        frame.Run(Lattice.Named("fcc", 4));
        Assert.Equal(0, Allocations.AfterTheFirst(frame.Again));
    }
}
