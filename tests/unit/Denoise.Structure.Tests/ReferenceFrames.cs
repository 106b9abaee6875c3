using Denoise.Atoms;

namespace Denoise.Structure.Tests;

/// <summary>Stands in for the files that a session reads references from.</summary>
internal static class ReferenceFrames
{
    /// <param name="lattice">what a file of any name holds</param>
    /// <param name="types">[count]; null: all 1</param>
    /// <param name="ids">[count]; null: 1, 2, ...</param>
    public static Func<string, Frame> Of(Lattice lattice, int[]? types = null, long[]? ids = null) => _ =>
    {
        Frame frame = new() { Box = lattice.Box };
        frame.Resize(lattice.Positions.Length);
        for (int k = 0; k < frame.Count; k++)
        {
            (frame.Ids[k], frame.Types[k]) = (ids?[k] ?? k + 1, types?[k] ?? 1);
            for (int axis = 0; axis < 3; axis++)
                frame.Positions[3 * k + axis] = lattice.Positions[k][axis];
        }

        return frame;
    };
}
