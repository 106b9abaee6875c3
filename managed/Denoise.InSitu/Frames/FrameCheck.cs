using System.Numerics;
using Denoise.Atoms;
using Denoise.Neighbors;

namespace Denoise.InSitu.Frames;

/// <summary>Holds a frame against what is asked of it, before anything is computed; names step, atom and value.</summary>
internal static class FrameCheck
{
    /// <summary>A box whose volume is this share of the product of its edges is flat.</summary>
    private const double FlatBox = 1e-9;

    /// <summary>Å; farther from 0, double precision no longer tells atoms apart.</summary>
    public const double FarthestPosition = 1e12;

    public static void Check(in FrameInput frame, int ranks, double lengthUnit, SpeciesMap species)
    {
        Shape(frame);
        Ghosts(frame, ranks);
        if (frame.Box is { AnyPeriodic: true } box)
            Cell(frame, ranks, box, lengthUnit);
        if (frame.Cell is { } cell)
            Shape(cell, FarthestPosition / lengthUnit);
        Places(frame, FarthestPosition / lengthUnit);
        Types(frame, species);
        for (int k = 0; k < frame.Forces.Length; k++)
            if (!double.IsFinite(frame.Forces[k]))
                throw new SessionException(SessionError.Input,
                    $"step {frame.Step}: the force on atom {Id(frame, k / 3)} is not finite ({"xyz"[k % 3]}: {frame.Forces[k]}): " +
                    "the simulation has blown up or the file is damaged; look at the steps before.");
    }

    /// <summary>The atom's id, for messages.</summary>
    public static long Id(in FrameInput frame, int row) => frame.Ids.Length == 0 ? row + 1 : frame.Ids[row];

    /// <summary>A failure of a search with the atoms' names of the frame; others as they are.</summary>
    public static Exception? Explain(in FrameInput frame, Particles particles, Exception? failure) =>
        failure is CoincidentAtomsException { Pair: var pair }
            ? InOnePlace(frame, particles.FrameRow(pair.I), particles.FrameRow(pair.J))
            : failure;

    /// <summary>The failure of two atoms in one place, or of an atom in the place of another's image.</summary>
    public static SessionException InOnePlace(in FrameInput frame, int rowA, int rowB)
    {
        long a = Math.Min(Id(frame, rowA), Id(frame, rowB)), b = Math.Max(Id(frame, rowA), Id(frame, rowB));
        if (a == b)
            return new(SessionError.Input,
                $"step {frame.Step}: atom {a} lies on its own periodic image: the box is too small or its edges are wrong.");
        string how = frame.Box is { AnyPeriodic: true } box && AreApart(frame, rowA, rowB, box)
            ? ", one on a periodic image of the other: correct the box, or remove one of them."
            : ": remove one of them (in LAMMPS: delete_atoms overlap).";
        return new(SessionError.Input, $"step {frame.Step}: atoms {a} and {b} are in one place{how}");
    }

    /// <summary>Whether atoms in one place are given half of the shortest edge apart or more: other images of each other.</summary>
    private static bool AreApart(in FrameInput frame, int rowA, int rowB, Box box)
    {
        ReadOnlySpan<double> a = frame.Positions.Slice(3 * rowA, 3), b = frame.Positions.Slice(3 * rowB, 3);
        return new Vec3(a[0] - b[0], a[1] - b[1], a[2] - b[2]).Length > 0.5 * ShortestPeriod.Of(box);
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
        if (frame.Forces.Length != 0 && frame.Forces.Length != 3 * frame.LocalCount)
            throw Argument($"{frame.Forces.Length} components of forces for {frame.LocalCount} atoms.");
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
    }

    private static void Cell(in FrameInput frame, int ranks, Box box, double lengthUnit)
    {
        if (ranks > 1 || frame.Positions.Length / 3 > frame.LocalCount)
            throw Argument("periodic: images are made here only on one process and without ghosts of the host.");
        if (double.IsInfinity(frame.GhostCutoff))
            throw Argument("ghost_cutoff is infinite, but a periodic box has images without end; 0: as far as is needed.");
        Shape(box, FarthestPosition / lengthUnit);
        if (frame.LocalCount > 0 && ShortestPeriod.IsCoincident(box, lengthUnit))
            throw InOnePlace(frame, 0, 0);
    }

    private static void Shape(Box box, double farthest)
    {
        for (int axis = 0; axis < 3; axis++)
        {
            double length = box[axis].Length;
            if (box.IsPeriodic(axis) && !(length > 0 && length <= farthest))
                throw Argument($"cell: edge {"abc"[axis]} is periodic but has the length {length}.");
        }

        if (!(box.Origin.Length <= farthest))
            throw Argument($"origin: ({box.Origin.X}, {box.Origin.Y}, {box.Origin.Z}) is no place for a box.");
        double sides = box.A.Length * box.B.Length * box.C.Length;
        if (!(box.Volume > FlatBox * sides && double.IsFinite(box.Volume)))
            throw Argument($"cell: the three edges span no volume ({box.Volume:g3}).");
    }

    private static void Places(in FrameInput frame, double farthest)
    {
        ReadOnlySpan<double> r = frame.Positions;
        if (AreWithin(r, farthest))
            return;
        for (int k = 0; k < r.Length; k++)
            if (!(Math.Abs(r[k]) <= farthest))
                throw new SessionException(SessionError.Input,
                    $"step {frame.Step}: the position of atom {Id(frame, k / 3)} is " +
                    (double.IsFinite(r[k]) ? "too far away" : "not finite") + $" ({"xyz"[k % 3]} = {r[k]}): " +
                    "the simulation has blown up or the file is damaged; look at the steps before.");
    }

    private static void Types(in FrameInput frame, SpeciesMap species)
    {
        if (frame.Types.Length == 0 && frame.Positions.Length > 0 && species.TypeCount == 0)
            throw new SessionException(SessionError.Input,
                $"step {frame.Step}: without types all atoms have type 1, but species were given for no type.");
        if (Range(frame.Types) is var (least, most) && least >= 1 && most <= species.TypeCount)
            return;
        for (int i = 0; i < frame.Types.Length; i++)
            if (frame.Types[i] < 1 || frame.Types[i] > species.TypeCount)
                throw new SessionException(SessionError.Input,
                    $"step {frame.Step}: atom {Id(frame, i)} has type {frame.Types[i]}, but " +
                    (frame.Types[i] < 1
                        ? "types start at 1."
                        : $"species are known for types 1 to {species.TypeCount} only; give one per type."));
    }

    /// <summary>Whether no absolute value is larger, nor not a number.</summary>
    private static bool AreWithin(ReadOnlySpan<double> values, double largest)
    {
        Vector<long> within = Vector<long>.AllBitsSet;
        Vector<double> limit = new(largest);
        int k = 0;
        for (; k <= values.Length - Vector<double>.Count; k += Vector<double>.Count)
            within &= Vector.LessThanOrEqual(Vector.Abs(new Vector<double>(values[k..])), limit);
        bool areWithin = Vector.EqualsAll(within, Vector<long>.AllBitsSet);
        for (; k < values.Length; k++)
            areWithin &= Math.Abs(values[k]) <= largest;
        return areWithin;
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
