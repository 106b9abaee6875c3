namespace Denoise.Atoms;

/// <summary>
/// The numbers of structures in columns: OVITO's (<see cref="StructureType"/>) where it has one; from <see cref="FirstOwn"/> those of
/// crystals that it does not know; from <see cref="FirstUnlisted"/> what is in no list, such as a class that was learned from a file. A
/// number stands for the same crystal in every model, but for the last kind, which follows the order of the names.
/// </summary>
public static class StructureTable
{
    /// <summary>Far from OVITO's, which may grow.</summary>
    public const int FirstOwn = 101;

    public const int FirstUnlisted = 1001;

    // Spellings without case and without what is no letter or digit.
    private static readonly Dictionary<string, StructureType> Ovito = new(StringComparer.Ordinal)
    {
        ["other"] = StructureType.Other,
        [NoClass.Name] = StructureType.Other,
        ["fcc"] = StructureType.Fcc,
        ["hcp"] = StructureType.Hcp,
        ["bcc"] = StructureType.Bcc,
        ["ico"] = StructureType.Icosahedral,
        ["icosahedral"] = StructureType.Icosahedral,
        ["sc"] = StructureType.SimpleCubic,
        ["simplecubic"] = StructureType.SimpleCubic,
        ["diamond"] = StructureType.CubicDiamond,
        ["cubicdiamond"] = StructureType.CubicDiamond,
        ["hexdiamond"] = StructureType.HexagonalDiamond,
        ["hexagonaldiamond"] = StructureType.HexagonalDiamond,
        ["lonsdaleite"] = StructureType.HexagonalDiamond,
        ["graphene"] = StructureType.Graphene,
    };

    // From FirstOwn on; new ones go to the end.
    private static readonly string[] Own =
    [
        "dhcp", "sh", "omega", "a15", "betasn", "bctin", "bctpa", "alphau", "graphite", "alphasm", "arsenic", "betamn", "alphamn",
        "b1", "b2", "b3", "b4", "l12", "l10", "d03", "l21", "d019", "nias", "fluorite", "rutile", "perovskite", "cr3si", "c14", "c15",
        "alphaquartz", "betaquartz", "alphacristobalite", "betacristobalite", "laves", "sigma",
    ];

    /// <summary>What common neighbor analysis, adaptive or not, names.</summary>
    public static IReadOnlyList<NamedStructure> OfCommonNeighbors { get; } =
    [
        new("other", (int)StructureType.Other), new("fcc", (int)StructureType.Fcc), new("hcp", (int)StructureType.Hcp),
        new("bcc", (int)StructureType.Bcc), new("ico", (int)StructureType.Icosahedral),
    ];

    /// <summary>Of a name in any spelling, such as "hex-diamond"; null: it is in no list.</summary>
    public static int? NumberOf(string name)
    {
        string plain = string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
        if (Ovito.TryGetValue(plain, out StructureType type))
            return (int)type;
        int own = Array.IndexOf(Own, plain);
        return own < 0 ? null : FirstOwn + own;
    }

    /// <summary>A name that has the number; of one that is in no list "class-N".</summary>
    public static string NameOf(int number)
    {
        foreach ((string name, StructureType type) in Ovito)
            if ((int)type == number)
                return name;
        int own = number - FirstOwn;
        return own >= 0 && own < Own.Length ? Own[own] : $"class-{number}";
    }

    /// <summary>
    /// Of the classes of a model, whatever their order: "other", which holds <see cref="NoClass"/>, then the rest by number.
    /// </summary>
    /// <param name="classes">all different</param>
    public static IReadOnlyList<NamedStructure> OfClasses(IReadOnlyList<string> classes)
    {
        List<NamedStructure> structures = [OfCommonNeighbors[0]];
        HashSet<int> taken = [];
        int unlisted = FirstUnlisted;
        foreach (string name in classes.OrderBy(name => name.Length).ThenBy(name => name, StringComparer.Ordinal))
        {
            int number = NumberOf(name) ?? unlisted;
            if (number == (int)StructureType.Other)
                continue;
            // Two spellings of one crystal are two classes.
            if (number == unlisted || !taken.Add(number))
                number = unlisted++;
            structures.Add(new(name, number));
        }

        return [.. structures.OrderBy(structure => structure.Number)];
    }

    /// <summary>The number of every class of a model, in the model's order.</summary>
    /// <param name="classes">all different</param>
    public static int[] NumbersOf(IReadOnlyList<string> classes)
    {
        IReadOnlyList<NamedStructure> structures = OfClasses(classes);
        return [.. classes.Select(name => structures.FirstOrDefault(structure => structure.Name == name)?.Number ?? 0)];
    }
}
