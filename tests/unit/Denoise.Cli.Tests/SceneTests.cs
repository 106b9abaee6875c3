using System.Globalization;
using Denoise.Atoms;
using Denoise.Cli.Report;

namespace Denoise.Cli.Tests;

public sealed class SceneTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(1025)]
    public void The_first_the_last_and_some_between_are_kept(int frames)
    {
        SceneKeeper keeper = new(5);
        for (int k = 0; k < frames; k++)
        {
            int step = k;
            keeper.Add(() => Empty(step));
        }

        long[] steps = [.. keeper.Kept.Select(scene => scene.Step)];
        Assert.Equal(0, steps[0]);
        Assert.Equal(frames - 1, steps[^1]);
        Assert.InRange(steps.Length, Math.Min(frames, 3), 6);
        Assert.True(steps.SequenceEqual(steps.Distinct().Order()), string.Join(' ', steps));
        if (steps.Length > 2)
            Assert.Single(steps.Zip(steps.Skip(1), (a, b) => b - a).SkipLast(1).Distinct());
    }

    [Fact]
    public void None_are_kept_where_none_are_wanted()
    {
        SceneKeeper keeper = new(0);
        keeper.Add(() => throw new InvalidOperationException("nobody wants it"));
        Assert.Empty(keeper.Kept);
    }

    [Fact]
    public void Positions_come_back_to_a_65535th_of_the_range()
    {
        using Frame frame = Random(200, 20);
        double[] raw = frame.Positions.Span.ToArray(), moved = [.. raw.Select((x, k) => x + 0.01 * (k % 7))];
        Scene scene = new SceneBuilder(frame, raw, 1000).Build("f", 2, [("a", raw, new ushort[200]), ("b", moved, new ushort[200])], null);
        foreach ((ScenePane pane, double[] expected) in scene.Panes.Zip([raw, moved]))
            for (int k = 0; k < expected.Length; k++)
                Assert.Equal(expected[k], scene.Low[k % 3] + pane.Positions[k] / 65535.0 * scene.Range[k % 3], 0.5 * scene.Range[k % 3] / 65535 + 1e-9);
    }

    [Fact]
    public void A_block_of_a_larger_frame_is_what_is_nearest_to_its_middle()
    {
        using Frame frame = Random(1000, 20);
        double[] raw = frame.Positions.Span.ToArray();
        Scene scene = new SceneBuilder(frame, raw, 125).Build("f", 2, [("a", raw, new ushort[1000])], null);
        double Distance(int i) => Enumerable.Range(0, 3).Max(axis => Math.Abs(raw[3 * i + axis] - 10));
        int[] shown = [.. scene.Ids.Select(id => id - 1)];
        Assert.Equal(125, shown.Length);
        Assert.Equal(Enumerable.Range(0, 1000).OrderBy(Distance).Take(125).Order(), shown);
        Assert.Equal(1000, scene.Atoms);
    }

    [Fact]
    public void Atoms_that_were_followed_across_boundaries_are_in_the_box_again()
    {
        using Frame frame = Random(10, 20);
        double[] inside = frame.Positions.Span.ToArray(), far = [.. inside.Select((x, k) => x + 20 * (k % 5 - 2))];
        frame.Unwrapped = true;
        Scene scene = new SceneBuilder(frame, far, 100).Build("f", 2, [("a", far, new ushort[10])], null);
        for (int k = 0; k < inside.Length; k++)
            Assert.Equal(inside[k], scene.Low[k % 3] + scene.Panes[0].Positions[k] / 65535.0 * scene.Range[k % 3], 1e-3);
    }

    [Fact]
    public void Structures_have_places_by_name_and_number()
    {
        StructureList list = new();
        list.Add("fcc");
        list.Add("mine");
        Assert.Equal(1, list.IndexOf(1));
        Assert.Equal("bcc", list.All[list.IndexOf(3)].Name);
        Assert.Equal(0, list.IndexOf(-7));
        for (int k = 0; k < 1000; k++)
            list.IndexOf(2000 + k);
        Assert.InRange(list.All.Count, 4, 255);
        Assert.Equal(0, list.IndexOf(5000));
    }

    private static Scene Empty(long step) => new()
    {
        Name = step.ToString(CultureInfo.InvariantCulture),
        Step = step,
        Atoms = 0,
        Low = default,
        Range = new(1, 1, 1),
        Box = Box.Orthogonal(1, 1, 1),
        Radius = 1,
        Ids = [],
        Panes = [],
    };

    private static Frame Random(int count, double length)
    {
        Random random = new(7);
        Frame frame = new() { Box = Box.Orthogonal(length, length, length) };
        frame.Resize(count);
        for (int k = 0; k < 3 * count; k++)
            frame.Positions[k] = length * random.NextDouble();
        for (int i = 0; i < count; i++)
            (frame.Ids[i], frame.Types[i]) = (i + 1, 1);
        return frame;
    }
}
