namespace Denoise.Atoms.Symmetry;

/// <summary>
/// A space-group operation in whole numbers, so that products of any length stay exact: r' = R r + t, R by rows, t in 24ths of an
/// edge and between 0 and 23.
/// </summary>
public readonly record struct GroupOperation(
    (int X, int Y, int Z) RowX, (int X, int Y, int Z) RowY, (int X, int Y, int Z) RowZ, (int X, int Y, int Z) Shift)
{
    /// <summary>Parts of an edge in which shifts are counted: halves, thirds, quarters, sixths and eighths are whole.</summary>
    public const int Parts = 24;

    public static GroupOperation Identity { get; } = new((1, 0, 0), (0, 1, 0), (0, 0, 1), default);

    /// <summary>First <paramref name="b"/>, then <paramref name="a"/>.</summary>
    public static GroupOperation operator *(GroupOperation a, GroupOperation b) => new(
        Row(a.RowX, b), Row(a.RowY, b), Row(a.RowZ, b),
        (Wrap(Dot(a.RowX, b.Shift) + a.Shift.X), Wrap(Dot(a.RowY, b.Shift) + a.Shift.Y), Wrap(Dot(a.RowZ, b.Shift) + a.Shift.Z)));

    public GroupOperation Inverted() => this with { RowX = Negated(RowX), RowY = Negated(RowY), RowZ = Negated(RowZ) };

    public GroupOperation Shifted(int x, int y, int z) => this with { Shift = (Wrap(Shift.X + x), Wrap(Shift.Y + y), Wrap(Shift.Z + z)) };

    /// <summary>All products of some operations; null where there are more than <paramref name="most"/>: they make no group.</summary>
    public static List<GroupOperation>? Group(List<GroupOperation> generators, int most)
    {
        List<GroupOperation> all = [Identity];
        HashSet<GroupOperation> known = [Identity];
        for (int k = 0; k < all.Count; k++)
            foreach (GroupOperation generator in generators)
            {
                GroupOperation product = generator * all[k];
                if (!known.Add(product))
                    continue;
                if (all.Count == most)
                    return null;
                all.Add(product);
            }

        return all;
    }

    public static int Wrap(int shift) => (shift % Parts + Parts) % Parts;

    private static (int, int, int) Row((int X, int Y, int Z) row, GroupOperation b) => (
        row.X * b.RowX.X + row.Y * b.RowY.X + row.Z * b.RowZ.X,
        row.X * b.RowX.Y + row.Y * b.RowY.Y + row.Z * b.RowZ.Y,
        row.X * b.RowX.Z + row.Y * b.RowY.Z + row.Z * b.RowZ.Z);

    private static int Dot((int X, int Y, int Z) row, (int X, int Y, int Z) v) => row.X * v.X + row.Y * v.Y + row.Z * v.Z;

    private static (int, int, int) Negated((int X, int Y, int Z) row) => (-row.X, -row.Y, -row.Z);
}
