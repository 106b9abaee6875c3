using Denoise.Trajectories.Text;

namespace Denoise.Trajectories.Xyz;

/// <summary>
/// The second line of an XYZ frame, where extended XYZ keeps <c>key=value</c> pairs (https://github.com/libAtoms/extxyz): blanks may
/// stand around the equals sign, keys and values in quotes, within which a backslash protects the next character, values with
/// blanks also in braces or brackets. In plain XYZ the line is free text, which has no such pairs.
/// </summary>
internal ref struct XyzComment
{
    private ReadOnlySpan<byte> _rest;

    public XyzComment(ReadOnlySpan<byte> line) => _rest = line;

    /// <summary>The next pair; words and quoted texts without "=" are skipped. False at the end.</summary>
    public bool TryNext(out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        value = default;
        while (true)
        {
            _rest = _rest.TrimStart(" \t"u8);
            key = default;
            if (_rest.IsEmpty)
                return false;
            key = TakeQuoted(out ReadOnlySpan<byte> quoted) ? quoted : TakeUntil("= \t"u8);
            ReadOnlySpan<byte> behind = _rest.TrimStart(" \t"u8);
            if (behind.IsEmpty || behind[0] != '=')
                continue;
            _rest = behind[1..].TrimStart(" \t"u8);
            if (key.IsEmpty)
                continue;
            value = TakeValue();
            return true;
        }
    }

    /// <summary>How many numbers stand between blanks, commas or brackets; -1 where something is none or too much.</summary>
    public static unsafe int ParseNumbers(ReadOnlySpan<byte> value, Span<double> numbers)
    {
        // A copy, ended by a blank as the number parser needs it; at most nine numbers.
        Span<byte> copy = stackalloc byte[512];
        if (value.Length >= copy.Length)
            return -1;
        value.CopyTo(copy);
        copy[value.Length] = (byte)'\n';
        foreach (ref byte b in copy[..value.Length])
            if (b is (byte)',' or (byte)'[' or (byte)']' or (byte)'{' or (byte)'}')
                b = (byte)' ';
        fixed (byte* start = copy)
        {
            Fields fields = new(start, start + value.Length);
            int n = 0;
            for (; !fields.AtEnd; n++)
                if (n == numbers.Length || !fields.TryNextDouble(out numbers[n]) || !double.IsFinite(numbers[n]))
                    return -1;
            return n;
        }
    }

    /// <summary>Exactly <paramref name="numbers"/>.Length numbers.</summary>
    public static bool TryParseNumbers(ReadOnlySpan<byte> value, Span<double> numbers) => ParseNumbers(value, numbers) == numbers.Length;

    /// <summary>Three flags, or one for all: T, true or 1 for yes; letters may stand together.</summary>
    public static bool TryParseFlags(ReadOnlySpan<byte> value, out (bool A, bool B, bool C) flags)
    {
        Span<bool> found = stackalloc bool[3];
        int n = 0;
        flags = default;
        foreach (Range range in value.SplitAny(" ,[]{}\t"u8))
        {
            ReadOnlySpan<byte> word = value[range];
            bool together = word.Length == 3 && word.IndexOfAnyExcept("TtFf01"u8) < 0;
            for (int k = 0; k < (together ? 3 : Math.Min(word.Length, 1)); k++)
            {
                if (n == 3 || word[k] is not ((byte)'T' or (byte)'t' or (byte)'1' or (byte)'F' or (byte)'f' or (byte)'0'))
                    return false;
                found[n++] = word[k] is (byte)'T' or (byte)'t' or (byte)'1';
            }
        }

        flags = n == 1 ? (found[0], found[0], found[0]) : (found[0], found[1], found[2]);
        return n is 1 or 3;
    }

    private ReadOnlySpan<byte> TakeValue()
    {
        if (TakeQuoted(out ReadOnlySpan<byte> value) || _rest.IsEmpty)
            return value;
        int end = _rest[0] is (byte)'{' or (byte)'[' ? Closing(_rest, _rest[0], _rest[0] == '{' ? (byte)'}' : (byte)']') : -1;
        if (end < 0)
            return TakeUntil(" \t"u8);
        value = _rest[1..end];
        _rest = _rest[(end + 1)..];
        return value;
    }

    private ReadOnlySpan<byte> TakeUntil(ReadOnlySpan<byte> ends)
    {
        int end = _rest.IndexOfAny(ends);
        ReadOnlySpan<byte> taken = end < 0 ? _rest : _rest[..end];
        _rest = _rest[taken.Length..];
        return taken;
    }

    /// <summary>False, nothing taken, where no quoted text starts or it does not end.</summary>
    private bool TakeQuoted(out ReadOnlySpan<byte> inside)
    {
        inside = default;
        if (_rest.IsEmpty || _rest[0] is not ((byte)'"' or (byte)'\''))
            return false;
        for (int i = 1; i < _rest.Length; i++)
        {
            if (_rest[i] == '\\')
                i++;
            else if (_rest[i] == _rest[0])
            {
                inside = _rest[1..i];
                _rest = _rest[(i + 1)..];
                return true;
            }
        }

        return false;
    }

    private static int Closing(ReadOnlySpan<byte> text, byte opening, byte closing)
    {
        int depth = 0;
        for (int i = 0; i < text.Length; i++)
        {
            depth += text[i] == opening ? 1 : text[i] == closing ? -1 : 0;
            if (depth == 0)
                return i;
        }

        return -1;
    }
}
