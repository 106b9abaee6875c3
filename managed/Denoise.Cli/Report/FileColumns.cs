using Denoise.Atoms;
using Denoise.Trajectories;

namespace Denoise.Cli.Report;

/// <summary>
/// What the columns of a file say of an earlier denoising. Results of <c>denoise apply</c> have denoised positions, structure types and
/// displacements; dumps of the fix have raw positions and <c>f_ID[1]</c> to <c>f_ID[5]</c>: structure type, denoised x, y, z, displacement.
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
    public double[]? Denoised { get; private init; }

    public static FileColumns Of(Frame frame)
    {
        string? fix = FixOf(frame);
        FrameColumn? Component(int k) => fix is null ? null : Numbers(frame.FindColumn($"{fix}[{k}]"));
        return new()
        {
            Types = Whole(Numbers(frame.FindColumn(ColumnNames.StructureType)) ?? Component(1)),
            RawTypes = Whole(Numbers(frame.FindColumn(ColumnNames.RawStructureType))),
            Displacements = Reals(Numbers(frame.FindColumn(ColumnNames.Displacement)) ?? Component(5)),
            Denoised = fix is null ? null : Positions(frame, fix),
        };
    }

    /// <summary>The fix whose columns 2 to 5 are denoised positions and how far they are from the frame's own; null: none.</summary>
    private static string? FixOf(Frame frame)
    {
        foreach (FrameColumn column in frame.Columns)
            if (column.Name.EndsWith("[5]", StringComparison.Ordinal) && column.Name.Length > 3 &&
                column.Name[..^3] is var stem && Enumerable.Range(2, 4).All(k => Numbers(frame.FindColumn($"{stem}[{k}]")) is not null) &&
                AreDenoised(frame, stem))
                return stem;
        return null;
    }

    /// <summary>Vectors of other fixes have five components, too; only of this one the fifth is the length of a way.</summary>
    private static bool AreDenoised(Frame frame, string stem)
    {
        FrameColumn length = frame.FindColumn($"{stem}[5]")!;
        // Dumps have six digits as a rule.
        double digits = 1e-5 * (frame.Box.Origin.Length + frame.Box.A.Length + frame.Box.B.Length + frame.Box.C.Length);
        for (int i = 0; i < Math.Min(frame.Count, FirstAtoms); i++)
        {
            Vec3 way = default;
            for (int axis = 0; axis < 3; axis++)
            {
                double d = frame.FindColumn($"{stem}[{2 + axis}]")!.RealAt(i) - frame.Positions[3L * i + axis];
                way = axis switch { 0 => way with { X = d }, 1 => way with { Y = d }, _ => way with { Z = d } };
            }

            if (!(Math.Abs(Nearest(frame.Box, way).Length - length.RealAt(i)) < digits))
                return false;
        }

        return frame.Count > 0;
    }

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
