using Denoise.Atoms;

namespace Denoise.Cli.Analysis;

/// <summary>
/// Puts molecules together that the faces of a periodic box cut: every atom goes to the image that is nearest to the one before it in its
/// molecule. The first stays where it is.
/// </summary>
internal static class WholeMolecules
{
    /// <param name="frame">positions are moved by periods of its box</param>
    /// <param name="isFirst">whether an atom begins a molecule</param>
    public static void Join(Frame frame, Func<int, bool> isFirst)
    {
        Box box = frame.Box;
        if (!box.AnyPeriodic)
            return;
        for (int i = 1; i < frame.Count; i++)
        {
            if (isFirst(i))
                continue;
            Vec3 here = At(frame, i), apart = here - At(frame, i - 1);
            // From a corner of the box, as it were.
            Vec3 parts = box.ToFractional(apart + box.Origin);
            Vec3 shift = default;
            for (int axis = 0; axis < 3; axis++)
                if (box.IsPeriodic(axis))
                    shift += box[axis] * Math.Round(axis == 0 ? parts.X : axis == 1 ? parts.Y : parts.Z);
            if (shift == default)
                continue;
            here -= shift;
            (frame.Positions[3L * i], frame.Positions[3L * i + 1], frame.Positions[3L * i + 2]) = (here.X, here.Y, here.Z);
        }
    }

    private static Vec3 At(Frame frame, int i) => new(frame.Positions[3L * i], frame.Positions[3L * i + 1], frame.Positions[3L * i + 2]);
}
