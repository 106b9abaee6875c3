using System.Globalization;

namespace Denoise.Atoms.Symmetry;

/// <summary>
/// A space-group operation in fractional coordinates, r' = R r + t, from its text form such as <c>-x+y, -x, z+1/3</c>.
/// </summary>
public readonly struct SymmetryOperation
{
    // Shifts such as 0.33 are thirds.
    private const double Rounding = 0.02;

    private readonly Vec3 _x;
    private readonly Vec3 _y;
    private readonly Vec3 _z;
    private readonly Vec3 _translation;

    private SymmetryOperation((Vec3 Row, double Shift)[] rows)
    {
        (_x, _y, _z) = (rows[0].Row, rows[1].Row, rows[2].Row);
        _translation = new Vec3(rows[0].Shift, rows[1].Shift, rows[2].Shift);
    }

    public SymmetryOperation(GroupOperation exact)
    {
        (_x, _y, _z) = (Vector(exact.RowX), Vector(exact.RowY), Vector(exact.RowZ));
        _translation = Vector(exact.Shift) * (1.0 / GroupOperation.Parts);
    }

    /// <summary>Where the three edges go, in fractions of the edges.</summary>
    public Vec3[] Columns => [new(_x.X, _y.X, _z.X), new(_x.Y, _y.Y, _z.Y), new(_x.Z, _y.Z, _z.Z)];

    public static SymmetryOperation Identity { get; } = Parse("x,y,z") ?? throw new InvalidOperationException();

    public Vec3 Apply(Vec3 r) => new Vec3(Vec3.Dot(_x, r), Vec3.Dot(_y, r), Vec3.Dot(_z, r)) + _translation;

    /// <summary>First <paramref name="b"/>, then <paramref name="a"/>.</summary>
    public static SymmetryOperation operator *(SymmetryOperation a, SymmetryOperation b) => new(
    [
        (Row(b, a._x), Vec3.Dot(a._x, b._translation) + a._translation.X),
        (Row(b, a._y), Vec3.Dot(a._y, b._translation) + a._translation.Y),
        (Row(b, a._z), Vec3.Dot(a._z, b._translation) + a._translation.Z),
    ]);

    /// <summary>Whether both are one operation, up to whole edges and rounding.</summary>
    public bool IsSame(SymmetryOperation other)
    {
        Vec3 d = _translation - other._translation;
        return (_x - other._x).Length + (_y - other._y).Length + (_z - other._z).Length < Rounding &&
            Math.Abs(d.X - Math.Round(d.X)) + Math.Abs(d.Y - Math.Round(d.Y)) + Math.Abs(d.Z - Math.Round(d.Z)) < Rounding;
    }

    /// <summary>Null where the text is no operation.</summary>
    /// <param name="text">such as x,-y,z+1/2</param>
    /// <param name="isMagnetic">a fourth part, +1 or -1, says whether time is reversed, which leaves positions alone</param>
    public static SymmetryOperation? Parse(string text, bool isMagnetic = false)
    {
        string[] parts = text.Split(',');
        if (parts.Length != 3 && !(isMagnetic && parts.Length == 4 && parts[3].Trim() is "+1" or "-1" or "1"))
            return null;
        var rows = new (Vec3, double)[3];
        for (int k = 0; k < 3; k++)
        {
            if (!TryParseRow(parts[k], out rows[k]))
                return null;
        }

        return new SymmetryOperation(rows);
    }

    private static Vec3 Vector((int X, int Y, int Z) v) => new(v.X, v.Y, v.Z);

    private static Vec3 Row(SymmetryOperation b, Vec3 row) => b._x * row.X + b._y * row.Y + b._z * row.Z;

    /// <summary>Signed terms, each a letter x, y, z or a number or fraction.</summary>
    private static bool TryParseRow(ReadOnlySpan<char> text, out (Vec3 Row, double Shift) row)
    {
        row = default;
        Span<double> v = stackalloc double[4];
        v.Clear();
        int terms = 0;
        for (int at = 0; at < text.Length;)
        {
            double sign = 1;
            for (; at < text.Length && (text[at] is '+' or '-' || char.IsWhiteSpace(text[at])); at++)
                sign = text[at] == '-' ? -sign : sign;
            if (at == text.Length)
                break;
            int axis = char.ToLowerInvariant(text[at]) - 'x';
            if (axis is >= 0 and < 3)
            {
                v[axis] += sign;
                at++;
            }
            else
            {
                if (!TryParseNumber(text, ref at, out double number))
                    return false;
                v[3] += sign * number;
            }

            terms++;
        }

        row = (new Vec3(v[0], v[1], v[2]), v[3]);
        return terms > 0;
    }

    private static bool TryParseNumber(ReadOnlySpan<char> text, ref int at, out double value)
    {
        if (!TryParseDigits(text, ref at, out value))
            return false;
        if (at >= text.Length || text[at] != '/')
            return true;
        at++;
        if (!TryParseDigits(text, ref at, out double denominator) || denominator == 0)
            return false;
        value /= denominator;
        return true;
    }

    private static bool TryParseDigits(ReadOnlySpan<char> text, ref int at, out double value)
    {
        int start = at;
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '.'))
            at++;
        return double.TryParse(text[start..at], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);
    }
}
