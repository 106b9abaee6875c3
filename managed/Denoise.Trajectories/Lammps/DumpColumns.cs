using Denoise.Atoms;
using Denoise.Trajectories.Tables;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories.Lammps;

/// <summary>The columns that an <c>ITEM: ATOMS</c> line announces, and which of them are the positions.</summary>
internal sealed class DumpColumns
{
    // In the order of preference: wrapped before unwrapped, Cartesian before scaled.
    private static readonly (string X, string Y, string Z, bool Scaled, bool Unwrapped)[] PositionNames =
    [
        ("x", "y", "z", false, false), ("xs", "ys", "zs", true, false), ("xu", "yu", "zu", false, true),
        ("xsu", "ysu", "zsu", true, true),
    ];

    /// <summary>The column with the words that a simulation uses for its types.</summary>
    public const string TypeLabel = "typelabel";

    private DumpColumns(AtomField[] fields, bool scaled, bool unwrapped)
    {
        Fields = fields;
        Scaled = scaled;
        Unwrapped = unwrapped;
    }

    public AtomField[] Fields { get; }

    /// <summary>Positions are fractions of the box edges.</summary>
    public bool Scaled { get; }

    /// <summary>Positions follow atoms across periodic boundaries.</summary>
    public bool Unwrapped { get; }

    /// <param name="names">what follows "ITEM: ATOMS"</param>
    /// <param name="scanner">for messages</param>
    public static DumpColumns Parse(string names, LineScanner scanner)
    {
        string[] words = names.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        foreach (var position in PositionNames)
        {
            if (!words.Contains(position.X) || !words.Contains(position.Y) || !words.Contains(position.Z))
                continue;
            HashSet<string> seen = [];
            AtomField[] fields = new AtomField[words.Length];
            for (int f = 0; f < words.Length; f++)
            {
                if (!seen.Add(words[f]))
                    throw scanner.Fault($"column {Quote.Short(words[f])} occurs twice; dump each quantity once, or rename one of them");
                FieldRole role = words[f] == position.X ? FieldRole.X
                    : words[f] == position.Y ? FieldRole.Y
                    : words[f] == position.Z ? FieldRole.Z
                    : Role(words[f], words);
                fields[f] = new AtomField(ColumnNames.FromDump(words[f]), role);
            }

            return new DumpColumns(fields, position.Scaled, position.Unwrapped);
        }

        throw scanner.Fault(
            $"the columns {Quote.Of(names)} hold no positions; dump x y z, or xs ys zs, xu yu zu, xsu ysu zsu, all three of one kind");
    }

    /// <summary>Positions that are fractions of the box edges become Cartesian.</summary>
    public static unsafe void ToCartesian(Frame frame)
    {
        Box box = frame.Box;
        double* r = frame.Positions.Pointer;
        for (double* last = r + 3L * frame.Count; r < last; r += 3)
            (r[0], r[1], r[2]) = box.ToCartesian(new Vec3(r[0], r[1], r[2]));
    }

    private static FieldRole Role(string name, string[] all) => name switch
    {
        "id" => FieldRole.Id,
        "type" => FieldRole.Type,
        "element" => FieldRole.Element,
        // Of a force field as often as of the periodic table.
        TypeLabel when !all.Contains("element") => FieldRole.Element,
        _ => FieldRole.Column,
    };
}
