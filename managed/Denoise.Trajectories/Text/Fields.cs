using System.Runtime.CompilerServices;
using System.Text;

namespace Denoise.Trajectories.Text;

/// <summary>The blank-separated fields of one line.</summary>
internal unsafe ref struct Fields
{
    private byte* _p;
    private readonly byte* _end;

    public Fields(byte* start, byte* end)
    {
        _p = start;
        _end = end;
    }

    public static bool IsBlank(byte b) => b is (byte)' ' or (byte)'\t';

    /// <summary>Whether only blanks are left.</summary>
    public bool AtEnd
    {
        get
        {
            SkipBlanks();
            return _p >= _end;
        }
    }

    /// <summary>What is left of the line, blanks trimmed.</summary>
    public readonly ReadOnlySpan<byte> Rest => Utf8.Trim(new ReadOnlySpan<byte>(_p, (int)(_end - _p)));

    /// <summary>The next field; empty at the end of the line.</summary>
    public ReadOnlySpan<byte> Next()
    {
        SkipBlanks();
        byte* start = _p;
        while (_p < _end && !IsBlank(*_p))
            _p++;
        return new ReadOnlySpan<byte>(start, (int)(_p - start));
    }

    public string NextString() => Encoding.UTF8.GetString(Next());

    /// <summary>The next field as a number; false, the field not consumed, where it is none or the line ends.</summary>
    public bool TryNextDouble(out double value)
    {
        SkipBlanks();
        byte* q = _p;
        value = 0;
        if (q >= _end || !NumberParser.TryParseDouble(ref q, out value) || !EndsField(q))
            return false;
        _p = q;
        return true;
    }

    public bool TryNextInteger(out long value)
    {
        SkipBlanks();
        byte* q = _p;
        value = 0;
        if (q >= _end || !NumberParser.TryParseInteger(ref q, out value) || !EndsField(q))
            return false;
        _p = q;
        return true;
    }

    private readonly bool EndsField(byte* q) => q >= _end || IsBlank(*q);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SkipBlanks()
    {
        while (_p < _end && IsBlank(*_p))
            _p++;
    }
}
