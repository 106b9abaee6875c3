using System.Globalization;
using Denoise.Atoms;
using Denoise.Atoms.Symmetry;

namespace Denoise.Trajectories.Cif;

/// <summary>
/// A space group in one setting of axes and origin. The table of the 530 settings of International Tables A and B, with their
/// symbols, is <c>space-groups.txt</c>; the operations follow from the Hall symbol.
/// </summary>
/// <param name="Number">1 to 230; 0 where it is not known</param>
/// <param name="Choice">"1" or "2": the origin; "H" or "R": hexagonal or rhombohedral axes; b1, c2 ...: monoclinic ones</param>
/// <param name="Name">short Hermann-Mauguin symbol</param>
internal sealed record SpaceGroup(int Number, string Choice, string Name, IReadOnlyList<SymmetryOperation> Operations)
{
    // How far, relatively, a cell's metric may be from what the operations keep.
    private const double MetricTolerance = 0.02;

    private sealed record Line(int Number, string Choice, string Hall, string[] Names, HashSet<string> Keys);

    private static readonly Lazy<Line[]> Table = new(ReadTable);

    /// <summary>All settings that a Hermann-Mauguin symbol may mean, in any of its spellings; the standard one first.</summary>
    public static IReadOnlyList<SpaceGroup> Named(string symbol)
    {
        var (name, choice) = SplitChoice(symbol);
        string key = Key(name);
        // The Protein Data Bank writes H for R in hexagonal axes.
        if (key.StartsWith('h'))
            (key, choice) = ("r" + key[1..], "H");
        return Of(line => line.Keys.Contains(key) && (choice.Length == 0 || line.Choice == choice || OriginOf(line.Choice) == choice));
    }

    public static IReadOnlyList<SpaceGroup> Numbered(string number) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? Of(line => line.Number == n) : [];

    public static SpaceGroup? FromHall(string symbol) =>
        HallSymbol.Operations(symbol) is { } operations ? new SpaceGroup(0, "", symbol, operations) : null;

    /// <summary>The origin that the choice names, "1" or "2"; empty where the group has one only.</summary>
    public string Origin => OriginOf(Choice);

    /// <summary>Whether all operations keep lengths and angles of the cell.</summary>
    public bool Fits(Box cell)
    {
        Vec3[] edges = [cell.A, cell.B, cell.C];
        foreach (SymmetryOperation operation in Operations)
        {
            Vec3[] turned = [.. operation.Columns.Select(column => edges[0] * column.X + edges[1] * column.Y + edges[2] * column.Z)];
            for (int i = 0; i < 3; i++)
                for (int k = i; k < 3; k++)
                {
                    double difference = Vec3.Dot(turned[i], turned[k]) - Vec3.Dot(edges[i], edges[k]);
                    if (!(Math.Abs(difference) <= MetricTolerance * edges[i].Length * edges[k].Length))
                        return false;
                }
        }

        return true;
    }

    private static string OriginOf(string choice) => choice.Length > 0 && choice[0] is '1' or '2' ? choice[..1] : "";

    private static List<SpaceGroup> Of(Func<Line, bool> wanted) =>
        [.. Table.Value.Where(wanted).Select(line =>
            new SpaceGroup(line.Number, line.Choice, line.Names[0], HallSymbol.Operations(line.Hall)!))];

    /// <summary>"F d -3 m :2", "F d -3 m Z", "R -3 c H": the choice behind the symbol.</summary>
    private static (string Name, string Choice) SplitChoice(string symbol)
    {
        symbol = symbol.Trim();
        int colon = symbol.IndexOf(':');
        if (colon >= 0)
        {
            string behind = symbol[(colon + 1)..].Trim();
            return (symbol[..colon], behind is "h" or "r" ? behind.ToUpperInvariant() : behind);
        }

        int last = symbol.LastIndexOf(' ');
        string choice = last < 0 ? "" : symbol[(last + 1)..] switch
        {
            "S" or "O1" => "1",
            "Z" or "O2" => "2",
            "H" or "HR" => "H",
            "R" or "RS" => "R",
            _ => "",
        };
        return choice.Length > 0 ? (symbol[..last], choice) : (symbol, "");
    }

    private static string Key(string name) => string.Concat(name.Where(c => !char.IsWhiteSpace(c) && c != '_')).ToLowerInvariant();

    private static Line[] ReadTable()
    {
        using Stream stream = typeof(SpaceGroup).Assembly.GetManifestResourceStream("space-groups.txt")
            ?? throw new InvalidOperationException("the table of space groups is not in the program");
        using StreamReader reader = new(stream);
        List<Line> lines = [];
        while (reader.ReadLine() is { } text)
        {
            if (text.StartsWith('#'))
                continue;
            string[] fields = text.Split('|');
            int number = int.Parse(fields[0], CultureInfo.InvariantCulture);
            HashSet<string> keys = [.. fields[3..].Select(Key)];
            // Before 1983 the minus sign of -3 was left out in cubic groups.
            if (number is >= 200 and <= 206 or >= 221)
                keys.UnionWith(keys.Select(key => key.Replace("-3", "3")).ToList());
            lines.Add(new(number, fields[1], fields[2], fields[3..], keys));
        }

        return [.. lines];
    }
}
