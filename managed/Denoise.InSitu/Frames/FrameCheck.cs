using System.Numerics;

namespace Denoise.InSitu.Frames;

/// <summary>Holds a frame against what is asked of it, before anything is computed; names step, atom and value.</summary>
internal static class FrameCheck
{
    /// <summary>A box whose volume is this share of the product of its edges is flat.</summary>
    private const double FlatBox = 1e-9;

    public static void Check(in FrameInput frame, int ranks, SpeciesMap species)
    {
        Shape(frame);
        Ghosts(frame, ranks);
        Finite(frame);
        Types(frame, species);
    }

    /// <summary>The atom's id, for messages.</summary>
    public static long Id(in FrameInput frame, int row) => frame.Ids.Length == 0 ? row + 1 : frame.Ids[row];

    /// <summary>The failure of two atoms in one place, or of an atom in the place of another's image.</summary>
    public static SessionException InOnePlace(in FrameInput frame, int rowA, int rowB)
    {
        long a = Math.Min(Id(frame, rowA), Id(frame, rowB)), b = Math.Max(Id(frame, rowA), Id(frame, rowB));
        return new(SessionError.Input, a == b
            ? $"step {frame.Step}: atom {a} lies on its own periodic image: the box is too small or its edges are wrong."
            : $"step {frame.Step}: atoms {a} and {b} are in one place: remove one of them (in LAMMPS: delete_atoms overlap).");
    }

    private static void Shape(in FrameInput frame)
    {
        int count = frame.Positions.Length / 3;
        if (frame.LocalCount < 0 || frame.Positions.Length % 3 != 0 || count < frame.LocalCount)
            throw Argument($"{frame.Positions.Length} coordinates do not hold {frame.LocalCount} atoms and their ghosts.");
        if (frame.Types.Length != 0 && frame.Types.Length != count)
            throw Argument($"{frame.Types.Length} types for {count} atoms and ghosts.");
        if (frame.Ids.Length != 0 && frame.Ids.Length != count)
            throw Argument($"{frame.Ids.Length} ids for {count} atoms and ghosts.");
        if (frame.Selection.Length != 0 && frame.Selection.Length != frame.LocalCount)
            throw Argument($"{frame.Selection.Length} entries of the selection for {frame.LocalCount} atoms.");
    }

    private static void Ghosts(in FrameInput frame, int ranks)
    {
        bool hasGhosts = frame.Positions.Length / 3 > frame.LocalCount;
        if (!(frame.GhostCutoff >= 0))
            throw Argument($"ghost_cutoff is {frame.GhostCutoff}; it is a distance, 0 where there are no ghosts.");
        if (hasGhosts && (frame.GhostCutoff == 0 || frame.Halo is null))
            throw Argument("there are ghosts, but no ghost_cutoff within which they are complete, or no host that fills them.");
        if (frame.Box is not { AnyPeriodic: true } box)
            return;
        if (ranks > 1 || hasGhosts)
            throw Argument("periodic: images are made here only on one process and without ghosts of the host.");
        for (int axis = 0; axis < 3; axis++)
            if (box.IsPeriodic(axis) && !(double.IsFinite(box[axis].Length) && box[axis].Length > 0))
                throw Argument($"cell: edge {"abc"[axis]} is periodic but has the length {box[axis].Length}.");
        double sides = box.A.Length * box.B.Length * box.C.Length;
        if (!(box.Volume > FlatBox * sides))
            throw Argument($"cell: the three edges span no volume ({box.Volume:g3}).");
    }

    private static void Finite(in FrameInput frame)
    {
        ReadOnlySpan<double> r = frame.Positions;
        if (AreFinite(r))
            return;
        for (int k = 0; k < r.Length; k++)
            if (!double.IsFinite(r[k]))
                throw new SessionException(SessionError.Input,
                    $"step {frame.Step}: the position of atom {Id(frame, k / 3)} is not finite ({"xyz"[k % 3]} = {r[k]}): " +
                    "the simulation has blown up or the file is damaged; look at the steps before.");
    }

    private static void Types(in FrameInput frame, SpeciesMap species)
    {
        if (Range(frame.Types) is var (least, most) && least >= 1 && most <= species.TypeCount)
            return;
        for (int i = 0; i < frame.Types.Length; i++)
            if (frame.Types[i] < 1 || frame.Types[i] > species.TypeCount)
                throw new SessionException(SessionError.Input,
                    $"step {frame.Step}: atom {Id(frame, i)} has type {frame.Types[i]}, but " +
                    (frame.Types[i] < 1 ? "types start at 1." : $"species were given for types 1 to {species.TypeCount} only."));
    }

    /// <summary>Whether all are: a number times 0 is 0, anything else is not a number.</summary>
    private static bool AreFinite(ReadOnlySpan<double> values)
    {
        Vector<double> sum = default;
        int k = 0;
        for (; k <= values.Length - Vector<double>.Count; k += Vector<double>.Count)
            sum += new Vector<double>(values[k..]) * Vector<double>.Zero;
        double rest = 0;
        for (; k < values.Length; k++)
            rest += values[k] * 0;
        return Vector.Sum(sum) + rest == 0;
    }

    private static (int Least, int Most) Range(ReadOnlySpan<int> values)
    {
        Vector<int> low = new(int.MaxValue), high = new(int.MinValue);
        int k = 0, least = int.MaxValue, most = int.MinValue;
        for (; k <= values.Length - Vector<int>.Count; k += Vector<int>.Count)
            (low, high) = (Vector.Min(low, new(values[k..])), Vector.Max(high, new(values[k..])));
        for (int lane = 0; lane < Vector<int>.Count; lane++)
            (least, most) = (Math.Min(least, low[lane]), Math.Max(most, high[lane]));
        for (; k < values.Length; k++)
            (least, most) = (Math.Min(least, values[k]), Math.Max(most, values[k]));
        return (least, most);
    }

    private static SessionException Argument(string what) => new(SessionError.Argument, what);
}
