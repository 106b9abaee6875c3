using Denoise.Trajectories.Text;

namespace Denoise.Trajectories.Xyz;

/// <summary>
/// The second line of an XYZ frame, where extended XYZ keeps <c>key=value</c> pairs; values with blanks in quotes, braces or
/// brackets. In plain XYZ it is free text, which has no such pairs.
/// </summary>
internal ref struct XyzComment
{
    private ReadOnlySpan<byte> _rest;

    public XyzComment(ReadOnlySpan<byte> line) => _rest = line;

    /// <summary>The next pair; words without "=" are skipped. False at the end.</summary>
    public bool TryNext(out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        value = default;
        while (true)
        {
            _rest = _rest.TrimStart(" \t"u8);
            key = default;
            if (_rest.IsEmpty)
                return false;
            int end = _rest.IndexOfAny("= \t"u8);
            if (end < 0)
                return false;
            key = _rest[..end];
            bool isPair = _rest[end] == '=';
            _rest = _rest[(end + 1)..];
            if (!isPair || key.IsEmpty)
                continue;
            value = TakeValue();
            return true;
        }
    }

    /// <summary>Exactly <paramref name="numbers"/>.Length numbers between blanks, commas or brackets.</summary>
    public static unsafe bool TryParseNumbers(ReadOnlySpan<byte> value, Span<double> numbers)
    {
        // A copy, ended by a blank as the number parser needs it; at most nine numbers.
        Span<byte> copy = stackalloc byte[512];
        if (value.Length >= copy.Length)
            return false;
        value.CopyTo(copy);
        copy[value.Length] = (byte)'\n';
        foreach (ref byte b in copy[..value.Length])
            if (b is (byte)',' or (byte)'[' or (byte)']')
                b = (byte)' ';
        fixed (byte* start = copy)
        {
            Fields fields = new(start, start + value.Length);
            foreach (ref double number in numbers)
                if (!fields.TryNextDouble(out number) || !double.IsFinite(number))
                    return false;
            return fields.AtEnd;
        }
    }

    /// <summary>Three flags: T, true or 1 for yes.</summary>
    public static bool TryParseFlags(ReadOnlySpan<byte> value, out (bool A, bool B, bool C) flags)
    {
        Span<bool> found = stackalloc bool[3];
        int n = 0;
        foreach (Range range in value.SplitAny(" ,[]\t"u8))
        {
            ReadOnlySpan<byte> word = value[range];
            if (word.IsEmpty)
                continue;
            if (n == 3 || word[0] is not ((byte)'T' or (byte)'t' or (byte)'1' or (byte)'F' or (byte)'f' or (byte)'0'))
            {
                flags = default;
                return false;
            }

            found[n++] = word[0] is (byte)'T' or (byte)'t' or (byte)'1';
        }

        flags = (found[0], found[1], found[2]);
        return n == 3;
    }

    private ReadOnlySpan<byte> TakeValue()
    {
        if (_rest.IsEmpty)
            return _rest;
        int end = _rest[0] switch
        {
            (byte)'"' or (byte)'\'' => 1 + _rest[1..].IndexOf(_rest[0]),
            (byte)'{' => _rest.IndexOf((byte)'}'),
            (byte)'[' => ClosingBracket(_rest),
            _ => -1,
        };
        ReadOnlySpan<byte> value;
        if (end > 0)
        {
            value = _rest[1..end];
            _rest = _rest[(end + 1)..];
            return value;
        }

        end = _rest.IndexOfAny(" \t"u8);
        value = end < 0 ? _rest : _rest[..end];
        _rest = _rest[value.Length..];
        return value;
    }

    private static int ClosingBracket(ReadOnlySpan<byte> text)
    {
        int depth = 0;
        for (int i = 0; i < text.Length; i++)
        {
            depth += text[i] == '[' ? 1 : text[i] == ']' ? -1 : 0;
            if (depth == 0)
                return i;
        }

        return -1;
    }
}
