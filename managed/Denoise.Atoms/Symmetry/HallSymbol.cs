using System.Globalization;

namespace Denoise.Atoms.Symmetry;

/// <summary>
/// The operations of a space group from its Hall symbol (S. R. Hall, Acta Cryst. A37 (1981) 517; International Tables B, table
/// A1.4.2.7): a lattice letter, with a minus sign for an inversion center, up to four rotations with their axes and shifts, and a
/// shift of the origin.
/// </summary>
public static class HallSymbol
{
    // The largest group has 192; symbols of no group would go on.
    private const int MostOperations = 192;

    private const int Half = GroupOperation.Parts / 2;
    private const int Quarter = GroupOperation.Parts / 4;
    private const int Third = GroupOperation.Parts / 3;

    /// <returns>all operations; null where the text is no symbol of a space group</returns>
    public static IReadOnlyList<SymmetryOperation>? Operations(string symbol)
    {
        if (!TryTakeOrigin(ref symbol, out var origin))
            return null;
        string[] words = symbol.Split([' ', '\t', '_'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is < 2 or > 5)
            return null;
        List<GroupOperation> generators = [];
        if (!TryReadLattice(words[0], generators))
            return null;
        (int Order, char Axis) before = (0, 'z');
        for (int k = 1; k < words.Length; k++)
        {
            if (ReadRotation(words[k], k - 1, ref before) is not { } rotation)
                return null;
            generators.Add(rotation);
        }

        for (int k = 0; k < generators.Count; k++)
            generators[k] = Moved(generators[k], origin);
        return GroupOperation.Group(generators, MostOperations)?.ConvertAll(operation => new SymmetryOperation(operation));
    }

    /// <summary>A trailing "(0 0 1)": the origin lies there, in twelfths.</summary>
    private static bool TryTakeOrigin(ref string symbol, out (int X, int Y, int Z) origin)
    {
        origin = default;
        int open = symbol.IndexOf('(');
        if (open < 0)
            return true;
        string[] words = symbol[open..].Trim('(', ')', ' ').Split(' ', StringSplitOptions.RemoveEmptyEntries);
        symbol = symbol[..open];
        Span<int> v = stackalloc int[3];
        if (words.Length != 3)
            return false;
        for (int k = 0; k < 3; k++)
            if (!int.TryParse(words[k], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out v[k]) || v[k] is < -12 or > 12)
                return false;
        origin = (2 * v[0], 2 * v[1], 2 * v[2]);
        return true;
    }

    private static GroupOperation Moved(GroupOperation operation, (int X, int Y, int Z) by) =>
        GroupOperation.Identity.Shifted(by.X, by.Y, by.Z) * operation * GroupOperation.Identity.Shifted(-by.X, -by.Y, -by.Z);

    private static bool TryReadLattice(string word, List<GroupOperation> generators)
    {
        if (word[0] == '-')
            generators.Add(GroupOperation.Identity.Inverted());
        (int, int, int)[]? shifts = word.TrimStart('-').ToUpperInvariant() switch
        {
            "P" => [],
            "A" => [(0, Half, Half)],
            "B" => [(Half, 0, Half)],
            "C" => [(Half, Half, 0)],
            "I" => [(Half, Half, Half)],
            "R" => [(2 * Third, Third, Third)],
            "S" => [(Third, Third, 2 * Third)],
            "T" => [(Third, 2 * Third, Third)],
            "H" => [(2 * Third, Third, 0)],
            "F" => [(0, Half, Half), (Half, 0, Half)],
            _ => null,
        };
        foreach (var (x, y, z) in shifts ?? [])
            generators.Add(GroupOperation.Identity.Shifted(x, y, z));
        return shifts is not null;
    }

    /// <param name="word">such as 2, -4n, 31, 2'c</param>
    /// <param name="place">from 0, among the rotations</param>
    /// <param name="before">order and axis of the rotation before</param>
    private static GroupOperation? ReadRotation(string word, int place, ref (int Order, char Axis) before)
    {
        int at = word[0] == '-' ? 1 : 0;
        int order = at < word.Length ? word[at] - '0' : 0;
        if (order is not (1 or 2 or 3 or 4 or 6))
            return null;
        char axis = '\0';
        (int X, int Y, int Z) shift = default;
        int screw = 0;
        foreach (char c in word.AsSpan(at + 1))
        {
            if (c is 'x' or 'y' or 'z' or '\'' or '"' or '*')
                axis = c;
            else if (c is >= '1' and <= '5')
                screw = c - '0';
            else if (Shift(c) is { } more)
                shift = (shift.X + more.X, shift.Y + more.Y, shift.Z + more.Z);
            else
                return null;
        }

        if (axis == '\0')
            axis = place switch
            {
                1 when order == 2 && before.Order is 2 or 4 => 'x',
                1 when order == 2 && before.Order is 3 or 6 => '\'',
                2 when order == 3 => '*',
                _ => 'z',
            };
        if (order == 1 ? screw > 0 : screw >= order || (screw > 0 && axis is not ('x' or 'y' or 'z')))
            return null;
        int along = screw * GroupOperation.Parts / order;
        shift = (shift.X + (axis == 'x' ? along : 0), shift.Y + (axis == 'y' ? along : 0), shift.Z + (axis == 'z' ? along : 0));
        if (Rotation(order, axis, before.Axis) is not { } rotation)
            return null;
        if (order > 1)
            before = (order, axis is 'x' or 'y' ? axis : 'z');
        return (word[0] == '-' ? rotation.Inverted() : rotation).Shifted(shift.X, shift.Y, shift.Z);
    }

    private static (int X, int Y, int Z)? Shift(char c) => c switch
    {
        'a' => (Half, 0, 0),
        'b' => (0, Half, 0),
        'c' => (0, 0, Half),
        'n' => (Half, Half, Half),
        'u' => (Quarter, 0, 0),
        'v' => (0, Quarter, 0),
        'w' => (0, 0, Quarter),
        'd' => (Quarter, Quarter, Quarter),
        _ => null,
    };

    /// <summary>About z, or the diagonals of the plane across it; then the axes in turn.</summary>
    private static GroupOperation? Rotation(int order, char axis, char before)
    {
        GroupOperation? aboutZ = (order, axis) switch
        {
            (1, _) => GroupOperation.Identity,
            (2, '\'') => new((0, -1, 0), (-1, 0, 0), (0, 0, -1), default),
            (2, '"') => new((0, 1, 0), (1, 0, 0), (0, 0, -1), default),
            (3, '*') => new((0, 0, 1), (1, 0, 0), (0, 1, 0), default),
            (_, '\'' or '"' or '*') => null,
            (2, _) => new((-1, 0, 0), (0, -1, 0), (0, 0, 1), default),
            (3, _) => new((0, -1, 0), (1, -1, 0), (0, 0, 1), default),
            (4, _) => new((0, -1, 0), (1, 0, 0), (0, 0, 1), default),
            _ => new((1, -1, 0), (1, 0, 0), (0, 0, 1), default),
        };
        char main = axis is 'x' or 'y' or 'z' ? axis : axis == '*' ? 'z' : before;
        return main switch
        {
            'x' => aboutZ is { } operation ? Turned(operation) : null,
            'y' => aboutZ is { } operation ? Turned(Turned(operation)) : null,
            _ => aboutZ,
        };
    }

    /// <summary>The same operation with z renamed to x, x to y and y to z.</summary>
    private static GroupOperation Turned(GroupOperation o) => new(Cycled(o.RowZ), Cycled(o.RowX), Cycled(o.RowY), default);

    private static (int, int, int) Cycled((int X, int Y, int Z) row) => (row.Z, row.X, row.Y);
}
