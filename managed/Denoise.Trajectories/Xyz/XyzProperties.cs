using System.Globalization;
using Denoise.Atoms;
using Denoise.Trajectories.Tables;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories.Xyz;

/// <summary>The value of the key Properties, <c>name:kind:components</c> repeated, as the fields of an atom line.</summary>
internal sealed class XyzProperties
{
    private const int MostComponents = 1000;

    private XyzProperties(AtomField[] fields, bool typesAreAtomicNumbers)
    {
        Fields = fields;
        TypesAreAtomicNumbers = typesAreAtomicNumbers;
    }

    public AtomField[] Fields { get; }

    /// <summary>There are no symbols; the types were read from atomic numbers.</summary>
    public bool TypesAreAtomicNumbers { get; }

    /// <summary>Plain XYZ: element, x, y, z, and whatever else stands in the line.</summary>
    /// <param name="fieldCount">at least 4</param>
    public static XyzProperties Plain(int fieldCount)
    {
        AtomField[] fields = new AtomField[fieldCount];
        fields[0] = new AtomField("element", FieldRole.Element);
        for (int f = 1; f < fields.Length; f++)
            fields[f] = f < 4
                ? new AtomField("xyz"[f - 1].ToString(), FieldRole.X + (f - 1))
                : new AtomField($"column_{f + 1}", FieldRole.Column);
        return new XyzProperties(fields, false);
    }

    public static XyzProperties Parse(ReadOnlySpan<byte> value, LineScanner scanner)
    {
        string[] words = Utf8.String(value).Split(':');
        if (words.Length % 3 != 0)
            throw scanner.Fault($"Properties={Utf8.Quote(value)} is not a list of name:kind:components");

        bool hasSpecies = false;
        for (int k = 0; k < words.Length; k += 3)
            hasSpecies |= IsSpecies(words[k]);
        List<AtomField> fields = [];
        bool atomicNumbers = false;
        for (int k = 0; k < words.Length; k += 3)
        {
            string name = words[k];
            bool isCount = int.TryParse(words[k + 2], NumberStyles.None, CultureInfo.InvariantCulture, out int components);
            if (!isCount || components is < 1 or > MostComponents)
                throw scanner.Fault($"property {Quote.Short(name)} has {Quote.Of(words[k + 2])} components; a number from 1 is expected");
            ColumnKind kind = words[k + 1] switch
            {
                "I" => ColumnKind.Integer,
                "R" => ColumnKind.Real,
                "S" or "L" => ColumnKind.Text,
                string other => throw scanner.Fault($"property {Quote.Short(name)} is of kind {Quote.Of(other)}; known are I, R, S and L"),
            };

            if (components == 3 && (name is "pos" or "position" or "positions"))
            {
                fields.Add(new AtomField("x", FieldRole.X));
                fields.Add(new AtomField("y", FieldRole.Y));
                fields.Add(new AtomField("z", FieldRole.Z));
                continue;
            }

            FieldRole role = components > 1 ? FieldRole.Column
                : IsSpecies(name) ? FieldRole.Element
                : name == "id" && kind == ColumnKind.Integer ? FieldRole.Id
                : IsType(name) && kind == ColumnKind.Integer ? FieldRole.Type
                : IsAtomicNumber(name) && kind == ColumnKind.Integer && !hasSpecies ? FieldRole.Type
                : FieldRole.Column;
            atomicNumbers |= role == FieldRole.Type && IsAtomicNumber(name);
            foreach (string component in ColumnNames.FromXyz(name, components))
                fields.Add(new AtomField(component, role, kind));
        }

        if (fields.Count(field => field.Role == FieldRole.X) != 1)
            throw scanner.Fault($"Properties={Utf8.Quote(value)} has no positions; it needs pos:R:3 once");
        if (fields.GroupBy(field => field.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw scanner.Fault($"property {Quote.Short(twice.Key)} occurs twice; rename one of them");
        return new XyzProperties([.. fields], atomicNumbers);
    }

    private static bool IsSpecies(string name) => name is "species" or "element" or "symbols";

    private static bool IsType(string name) => name is "type" or ExtendedXyzWriter.TypeProperty;

    private static bool IsAtomicNumber(string name) => name is "Z" or "atomic_numbers" or "numbers";
}
