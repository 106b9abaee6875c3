using Denoise.Atoms;
using Denoise.Trajectories;

namespace Denoise.Cli.Report;

/// <summary>
/// What the columns of a file say of an earlier denoising. Results of <c>denoise apply</c> have denoised positions, structure types and
/// displacements; dumps of the fix have raw positions and <c>f_ID[1]</c> to <c>f_ID[4]</c>: structure type, denoised x, y, z.
/// </summary>
internal sealed class FileColumns
{
    private const int FirstAtoms = 1000;

    /// <summary>[atoms] numbers of structures; null: the file has none.</summary>
    public long[]? Types { get; private init; }

    /// <summary>[atoms] of before denoising; null: the file has none.</summary>
    public long[]? RawTypes { get; private init; }

    /// <summary>[atoms] how far atoms were moved; null: the file has none.</summary>
    public double[]? Displacements { get; private init; }

    /// <summary>[atoms, 3] denoised, where the frame's own positions are not; null: the file has no such columns.</summary>
    public double[]? DenoisedPositions { get; private init; }

    public static FileColumns Of(Frame frame)
    {
        string? fix = FixOf(frame);
        double[]? denoised = fix is null ? null : Positions(frame, fix);
        FrameColumn? types = frame.FindColumn(ColumnNames.StructureType) ?? (fix is null ? null : frame.FindColumn($"{fix}[1]"));
        return new()
        {
            Types = Whole(Numbers(types)),
            RawTypes = Whole(Numbers(frame.FindColumn(ColumnNames.RawStructureType))),
            Displacements = Reals(Numbers(frame.FindColumn(ColumnNames.Displacement))) ?? (denoised is null ? null : Ways(frame, denoised)),
            DenoisedPositions = denoised,
        };
    }

    /// <summary>The fix whose columns 2 to 4 are denoised positions; null: none.</summary>
    private static string? FixOf(Frame frame)
    {
        foreach (FrameColumn column in frame.Columns)
            if (column.Name.EndsWith("[4]", StringComparison.Ordinal) && column.Name.Length > 3 &&
                column.Name[..^3] is var stem && Enumerable.Range(2, 3).All(k => Numbers(frame.FindColumn($"{stem}[{k}]")) is not null) &&
                AreDenoised(frame, stem))
                return stem;
        return null;
    }

    /// <summary>Vectors of other fixes have four components, too; only of this one three of them are a place near the atom's own.</summary>
    private static bool AreDenoised(Frame frame, string stem)
    {
        double spacing = Math.Cbrt(frame.Box.Volume / Math.Max(1, frame.Count));
        int count = Math.Min(frame.Count, FirstAtoms), near = 0;
        for (int i = 0; i < count; i++)
            near += Nearest(frame.Box, Denoised(frame, stem, i) - Position(frame, i)).Length < spacing ? 1 : 0;
        return count > 0 && near >= 0.99 * count;
    }

    private static double[] Ways(Frame frame, double[] denoised)
    {
        double[] ways = new double[frame.Count];
        for (int i = 0; i < ways.Length; i++)
            ways[i] = Nearest(frame.Box, new Vec3(denoised[3 * i], denoised[3 * i + 1], denoised[3 * i + 2]) - Position(frame, i)).Length;
        return ways;
    }

    private static Vec3 Position(Frame frame, int i) =>
        new(frame.Positions[3L * i], frame.Positions[3L * i + 1], frame.Positions[3L * i + 2]);

    private static Vec3 Denoised(Frame frame, string stem, int i) => new(
        frame.FindColumn($"{stem}[2]")!.RealAt(i), frame.FindColumn($"{stem}[3]")!.RealAt(i), frame.FindColumn($"{stem}[4]")!.RealAt(i));

    private static Vec3 Nearest(Box box, Vec3 way)
    {
        Vec3 parts = box.ToFractional(box.Origin + way);
        for (int axis = 0; axis < 3; axis++)
            if (box.IsPeriodic(axis))
                way -= box[axis] * Math.Round(parts[axis]);
        return way;
    }

    private static double[] Positions(Frame frame, string fix)
    {
        double[] positions = new double[3 * frame.Count];
        for (int axis = 0; axis < 3; axis++)
        {
            FrameColumn column = frame.FindColumn($"{fix}[{2 + axis}]")!;
            for (int i = 0; i < frame.Count; i++)
                positions[3 * i + axis] = column.RealAt(i);
        }

        return positions;
    }

    private static FrameColumn? Numbers(FrameColumn? column) => column is { Kind: not ColumnKind.Text } ? column : null;

    private static double[]? Reals(FrameColumn? column) =>
        column is null ? null : [.. Enumerable.Range(0, column.Count).Select(column.RealAt)];

    private static long[]? Whole(FrameColumn? column) => column is null
        ? null
        : [.. Enumerable.Range(0, column.Count).Select(i => column.RealAt(i) is >= 0 and < int.MaxValue and double type ? (long)type : 0)];
}
