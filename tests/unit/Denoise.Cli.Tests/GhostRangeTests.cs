using Denoise.Atoms;
using Denoise.Cli.Analysis;

namespace Denoise.Cli.Tests;

public sealed class GhostRangeTests
{
    [Fact]
    public void Spacing_follows_from_the_volume_per_atom() =>
        Assert.Equal(2, GhostRange.Spacing(Corners(Box.Orthogonal(4, 4, 4))), 12);

    [Fact]
    public void Where_the_box_is_open_it_ends_with_the_atoms() =>
        // The corners of a cube of edge 2 in a box of any size.
        Assert.Equal(1, GhostRange.Spacing(Corners(Box.Orthogonal(100, 50, 4, periodic: false))), 12);

    [Fact]
    public void Flat_and_empty_frames_have_none()
    {
        using Frame flat = Corners(Box.Orthogonal(4, 4, 4, periodic: false));
        for (int i = 0; i < flat.Count; i++)
            flat.Positions[3 * i + 2] = 1;
        Assert.Equal(0, GhostRange.Spacing(flat));
        using Frame empty = new() { Box = Box.Orthogonal(4, 4, 4) };
        Assert.Equal(0, GhostRange.Spacing(empty));
    }

    private static Frame Corners(Box box)
    {
        Frame frame = new() { Box = box };
        frame.Resize(8);
        for (int i = 0; i < 8; i++)
            for (int axis = 0; axis < 3; axis++)
                frame.Positions[3 * i + axis] = 1 + 2 * (i >> axis & 1);
        return frame;
    }
}
