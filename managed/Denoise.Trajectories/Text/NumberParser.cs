using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Denoise.Trajectories.Text;

/// <summary>
/// Numbers from UTF-8 text, without strings and correctly rounded (to nearest, ties to even): the same bits as
/// <see cref="double.Parse(ReadOnlySpan{byte}, IFormatProvider?)"/>, faster. The text must be followed by a byte that cannot
/// be part of a number (a blank, a line feed, zero), so that no loop has to look for the end.
/// </summary>
/// <remarks>
/// A decimal number is w 10^e with an integer w. Up to 19 digits fit in 64 bits, and then, in the order in which they are tried:
/// w below 2^53 and |e| at most 22: w and 10^|e| are doubles, and one IEEE operation rounds their product or quotient once
/// (Clinger 1990, DOI 10.1145/93542.93557). -27 &lt;= e &lt; 0: w / 5^|e| by exact 128-by-64-bit integer division
/// (<see cref="FiveDivider"/>), rounded once. All else goes to the runtime's parser.
/// </remarks>
internal static unsafe class NumberParser
{
    private const int MaxDigits = 19;

    private static readonly double[] PowersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
        1e21, 1e22,
    ];

    /// <summary>Parses at <paramref name="p"/> and moves it behind the number; false, p unmoved, where no number starts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryParseDouble(ref byte* p, out double value)
    {
        byte* q = p;
        bool negative = *q == '-';
        if (negative || *q == '+')
            q++;

        ulong w = 0;
        byte* first = q;
        uint digit;
        while ((digit = (uint)(*q - '0')) <= 9)
        {
            w = w * 10 + digit;
            q++;
        }

        int digits = (int)(q - first);
        int exponent = 0;
        if (*q == '.')
        {
            byte* point = ++q;
            while ((digit = (uint)(*q - '0')) <= 9)
            {
                w = w * 10 + digit;
                q++;
            }

            exponent = (int)(point - q);
            digits -= exponent;
        }

        // What follows a plain number is a blank or a line end, which are below every letter.
        if (digits == 0 || digits > MaxDigits || *q > '9')
            return TryParseUnusual(ref p, q, negative, w, digits, exponent, out value);

        value = Scale(negative, w, exponent, p, q);
        p = q;
        return true;
    }

    /// <summary>Parses an integer; false where none starts, where it goes on as a real number, or above 18 digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryParseInteger(ref byte* p, out long value)
    {
        byte* q = p;
        bool negative = *q == '-';
        if (negative || *q == '+')
            q++;
        byte* first = q;
        long w = 0;
        uint digit;
        while ((digit = (uint)(*q - '0')) <= 9)
        {
            w = w * 10 + digit;
            q++;
        }

        value = negative ? -w : w;
        // 18 digits always fit; ids and counts are never longer.
        if (q == first || q - first > 18 || *q > ' ')
            return false;
        p = q;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Scale(bool negative, ulong w, int exponent, byte* start, byte* end)
    {
        double value;
        if (w <= 1UL << 53 && (uint)(exponent + 22) <= 44)
            value = exponent <= 0 ? w / PowersOfTen[-exponent] : w * PowersOfTen[exponent];
        else if (w != 0 && exponent < 0 && exponent >= -FiveDivider.MaxPower)
            value = FiveDivider.Divide(w, -exponent);
        else
            return ParseByRuntime(start, end);
        return negative ? -value : value;
    }

    /// <summary>Exponents, more digits than 64 bits hold, nan and inf.</summary>
    private static bool TryParseUnusual(
        ref byte* p, byte* q, bool negative, ulong w, int digits, int exponent, out double value)
    {
        value = 0;
        if (digits == 0)
            return TryParseWord(ref p, negative || *p == '+' ? p + 1 : p, negative, out value);

        if ((*q | 0x20) == 'e' || (*q | 0x20) == 'd')
        {
            byte* e = q + 1;
            bool down = *e == '-';
            if (down || *e == '+')
                e++;
            int written = 0;
            byte* first = e;
            for (; (uint)(*e - '0') <= 9; e++)
                written = Math.Min(written * 10 + (*e - '0'), 99999);
            if (e == first)
                return false;
            q = e;
            exponent += down ? -written : written;
        }

        value = digits <= MaxDigits ? Scale(negative, w, exponent, p, q) : ParseByRuntime(p, q);
        p = q;
        return true;
    }

    private static double ParseByRuntime(byte* start, byte* end)
    {
        ReadOnlySpan<byte> text = new(start, (int)(end - start));
        int fortran = text.IndexOfAny((byte)'d', (byte)'D');
        if (fortran < 0)
            return double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        byte[] copy = text.ToArray();
        copy[fortran] = (byte)'e';
        return double.Parse(copy, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    // What C's printf writes for numbers that are none: nan, -nan, inf, infinity, nan(0x...), in either case.
    private static bool TryParseWord(ref byte* p, byte* q, bool negative, out double value)
    {
        value = 0;
        int letters = 0;
        while ((uint)((q[letters] | 0x20) - 'a') < 26)
            letters++;
        ReadOnlySpan<byte> word = new(q, letters);
        if (Ascii.EqualsIgnoreCase(word, "nan"u8))
            value = double.NaN;
        else if (Ascii.EqualsIgnoreCase(word, "inf"u8) || Ascii.EqualsIgnoreCase(word, "infinity"u8))
            value = negative ? double.NegativeInfinity : double.PositiveInfinity;
        else
            return false;
        p = q + letters;
        return true;
    }
}
