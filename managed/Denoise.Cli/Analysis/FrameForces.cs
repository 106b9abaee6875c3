using Denoise.Atoms;

namespace Denoise.Cli.Analysis;

/// <summary>Forces that a frame holds, as a dump and extended XYZ name them.</summary>
internal static class FrameForces
{
    private static readonly string[][] Names = [["fx", "fy", "fz"], ["force[1]", "force[2]", "force[3]"]];

    /// <summary>Columns of the three components; null: the frame has none.</summary>
    public static FrameColumn[]? Columns(Frame frame)
    {
        foreach (string[] names in Names)
            if (names.Select(frame.FindColumn).OfType<FrameColumn>().ToArray() is { Length: 3 } columns &&
                Array.TrueForAll(columns, column => column.Kind != ColumnKind.Text))
                return columns;
        return null;
    }

    /// <summary>Adds [atoms, 3] in eV/Å; nothing where the frame has none, or is in lj units, which have no scale.</summary>
    public static void Read(Frame frame, List<double> forces)
    {
        if (Columns(frame) is not { } columns || LammpsUnits.ElectronVoltPerAngstrom(frame.Units ?? "metal") is not double unit)
            return;
        for (int i = 0; i < frame.Count; i++)
            foreach (FrameColumn column in columns)
                forces.Add(unit * column.RealAt(i));
    }
}
