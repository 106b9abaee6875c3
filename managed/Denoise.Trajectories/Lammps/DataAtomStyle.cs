using Denoise.Atoms;
using Denoise.Trajectories.Tables;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories.Lammps;

/// <summary>
/// The columns of the Atoms section of a data file by atom style (https://docs.lammps.org/read_data.html), three image flags
/// following where they are written.
/// </summary>
internal static class DataAtomStyle
{
    private static readonly string[] ImageFlags = ["ix", "iy", "iz"];

    private static readonly (string Style, string[] Columns)[] Styles =
    [
        ("atomic", ["id", "type", "x", "y", "z"]),
        ("charge", ["id", "type", "q", "x", "y", "z"]),
        ("molecular", ["id", "mol", "type", "x", "y", "z"]),
        ("full", ["id", "mol", "type", "q", "x", "y", "z"]),
        ("bond", ["id", "mol", "type", "x", "y", "z"]),
        ("angle", ["id", "mol", "type", "x", "y", "z"]),
        ("sphere", ["id", "type", "diameter", "density", "x", "y", "z"]),
        ("dipole", ["id", "type", "q", "x", "y", "z", "mux", "muy", "muz"]),
    ];

    /// <param name="hint">the comment behind the word Atoms, which names the style; null without one</param>
    /// <param name="columnCount">fields of the first atom line</param>
    /// <param name="inferCharge">tells charge (true) from molecular (false), which have equally many columns; null: cannot</param>
    /// <param name="scanner">for messages</param>
    public static AtomField[] Fields(string? hint, int columnCount, Func<bool?> inferCharge, LineScanner scanner)
    {
        string style = hint ?? columnCount switch
        {
            5 or 8 => "atomic",
            7 or 10 => "full",
            6 or 9 => inferCharge() switch
            {
                true => "charge",
                false => "molecular",
                null => throw scanner.Fault("the atoms can be of style charge or molecular; write which into the section's first line, " +
                    "as in 'Atoms # charge'"),
            },
            _ => throw scanner.Fault($"{columnCount} columns fit no known atom style ({Known}); write the style into the section's " +
                "first line, as in 'Atoms # atomic'"),
        };

        foreach (var (name, columns) in Styles)
        {
            if (name != style)
                continue;
            if (columnCount == columns.Length)
                return [.. columns.Select(Field)];
            if (columnCount == columns.Length + ImageFlags.Length)
                return [.. columns.Concat(ImageFlags).Select(Field)];
            throw scanner.Fault($"atom style {style} has {columns.Length} columns (3 more with image flags), this line {columnCount}; " +
                "correct the line or the style in the section's first line");
        }

        throw scanner.Fault($"atom style '{style}' is not known here; known are {Known}. " +
            "Convert the file with LAMMPS (read_data, write_dump)");
    }

    private static string Known => string.Join(", ", Styles.Select(style => style.Style));

    private static AtomField Field(string name) => name switch
    {
        "id" => new AtomField(name, FieldRole.Id),
        "type" => new AtomField(name, FieldRole.Type),
        "x" => new AtomField(name, FieldRole.X),
        "y" => new AtomField(name, FieldRole.Y),
        "z" => new AtomField(name, FieldRole.Z),
        "mol" or "ix" or "iy" or "iz" => new AtomField(name, FieldRole.Column),
        _ => new AtomField(name, FieldRole.Column, ColumnKind.Real),
    };
}
