using Denoise.Atoms;
using Denoise.Cli.Tables;

namespace Denoise.Cli.Plot;

/// <summary>Colors of lines on white: OVITO's of a structure, as dark as needed, else such as are easily told apart.</summary>
internal static class PlotColors
{
    private const double Light = 140;

    // By StructureType.
    private static readonly (byte R, byte G, byte B)[] Ovito =
    [
        (242, 242, 242), (102, 255, 102), (255, 102, 102), (102, 102, 255), (242, 204, 51), (160, 20, 254), (19, 160, 254), (254, 137, 0),
        (160, 120, 254),
    ];

    private static readonly (byte R, byte G, byte B)[] Others =
    [
        (37, 99, 171), (194, 65, 12), (21, 128, 61), (126, 34, 206), (161, 98, 7), (14, 116, 144), (190, 24, 93), (77, 77, 77),
    ];

    /// <param name="column">that the line is of</param>
    /// <param name="k">number of the line</param>
    public static (byte R, byte G, byte B) Of(TableColumn column, int k) =>
        column.Role is ColumnRole.Structure or ColumnRole.RawStructure && StructureTable.NumberOf(column.Of!) is { } number &&
        number < Ovito.Length ? Dark(Ovito[number]) : Others[k % Others.Length];

    private static (byte R, byte G, byte B) Dark((byte R, byte G, byte B) color)
    {
        double factor = Math.Min(1, Light / (0.3 * color.R + 0.59 * color.G + 0.11 * color.B));
        return ((byte)(factor * color.R), (byte)(factor * color.G), (byte)(factor * color.B));
    }
}
