using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Denoise.Trajectories.Compressed;

/// <summary>
/// Whole numbers of 64 bits, coded by how often their values (or their higher bits) occur in the stream; docs/dnz.md specifies it.
/// </summary>
internal sealed unsafe class IntegerCoder
{
    private const int LargestShift = 56;
    private const int Window = 250;
    private const int MostWords = 128;
    private const int Samples = 512;
    private const int Slots = 512;

    // Streams so short that saying the frequencies of their symbols costs about as much as the symbols.
    private const int Short = 1024;

    private enum Kind
    {
        Constant,
        Window,
        Words,
    }

    private readonly SymbolCoder _coder = new();
    private readonly long[] _samples = new long[Samples];
    private readonly long[] _words = new long[MostWords + 1];
    private readonly long[] _slotValues = new long[Slots];
    private readonly short[] _slotWords = new short[Slots];
    private readonly ByteSink _escaped = new();
    private readonly List<(int At, long Value)> _escapes = [];
    private readonly ByteSink _raw = new();

    public void Encode(ByteSink sink, ReadOnlySpan<long> values)
    {
        if (values.IsEmpty)
            return;
        (long low, long high) = Extrema(values);
        if (low == high)
        {
            sink.Byte((int)Kind.Constant);
            sink.Signed(low);
            return;
        }

        _coder.Begin(values.Length);
        bool isWide = (ulong)(high - low) >= Window;
        if (isWide && TryWords(values, out int words))
        {
            sink.Byte((int)Kind.Words);
            sink.Byte(words);
            for (int w = 0; w < words; w++)
                sink.Signed(_words[w]);
            _coder.Write(sink, values.Length, words);
            return;
        }

        int shift = isWide ? Shift(values) : 0;
        if (values.Length <= Short)
            shift = CheapestShift(values, low, high, shift);
        long first = low >> shift, last = high >> shift;
        if ((ulong)(last - first) >= Window)
        {
            first = Math.Max(first, (_samples[Math.Min(Samples, values.Length) / 2] >> shift) - Window / 2);
            last = (ulong)(last - first) >= Window ? first + Window - 1 : last;
        }

        WriteWindow(sink, values, shift, first, (int)(last - first) + 1);
    }

    public void Decode(ref ByteSource source, Span<long> values)
    {
        if (values.IsEmpty)
            return;
        switch ((Kind)source.Byte())
        {
            case Kind.Constant:
                values.Fill(source.Signed());
                break;
            case Kind.Words:
                int words = source.Byte();
                if (words > MostWords)
                    throw new DamagedChunkException("it has too many words");
                for (int w = 0; w < words; w++)
                    _words[w] = source.Signed();
                _coder.Read(ref source, values.Length, words);
                for (int i = 0; i < values.Length; i++)
                    values[i] = _words[_coder.Symbols[i]];
                break;
            case Kind.Window:
                ReadWindow(ref source, values);
                break;
            default:
                throw new DamagedChunkException("a stream is of no known kind");
        }
    }

    private static (long Low, long High) Extrema(ReadOnlySpan<long> values)
    {
        long low = values[0], high = low;
        ReadOnlySpan<Vector256<long>> vectors = MemoryMarshal.Cast<long, Vector256<long>>(values);
        if (!vectors.IsEmpty)
        {
            Vector256<long> least = vectors[0], most = least;
            foreach (Vector256<long> four in vectors)
                (least, most) = (Vector256.Min(least, four), Vector256.Max(most, four));
            for (int lane = 0; lane < Vector256<long>.Count; lane++)
                (low, high) = (Math.Min(low, least[lane]), Math.Max(high, most[lane]));
        }

        foreach (long value in values[(Vector256<long>.Count * vectors.Length)..])
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        return (low, high);
    }

    private bool TryWords(ReadOnlySpan<long> values, out int words)
    {
        words = 0;
        Array.Fill(_slotWords, (short)-1);
        for (int i = 0; i < values.Length; i++)
        {
            int slot = (int)((ulong)values[i] * 0x9E3779B97F4A7C15 >> 55);
            for (; _slotWords[slot] >= 0 && _slotValues[slot] != values[i]; slot = (slot + 1) & (Slots - 1))
            {
            }

            if (_slotWords[slot] < 0)
            {
                if (words == MostWords || words > 8 + values.Length / 8)
                {
                    _coder.Begin(values.Length);
                    return false;
                }

                (_slotValues[slot], _slotWords[slot], _words[words]) = (values[i], (short)words, values[i]);
                words++;
            }

            _coder.Symbols[i] = (byte)_slotWords[slot];
            _coder.Counts[_slotWords[slot]]++;
        }

        return true;
    }

    /// <summary>Low bits, at least so many, with which symbols, their frequencies and these bits take the least.</summary>
    private static int CheapestShift(ReadOnlySpan<long> values, long low, long high, int least)
    {
        (int best, double fewest) = (least, double.PositiveInfinity);
        Span<int> counts = stackalloc int[Window];
        for (int shift = least; shift <= LargestShift; shift++)
        {
            long first = low >> shift, width = (high >> shift) - first + 1;
            // The ends are left to escapes.
            if ((ulong)width > Window)
                return best;
            counts.Clear();
            foreach (long value in values)
                counts[(int)((value >> shift) - first)]++;
            double bits = (double)values.Length * shift + SymbolTable.BitsOfLength * (width + 1);
            foreach (int count in counts[..(int)width])
            {
                double perSymbol = count == 0 ? 0 : Math.Log2((double)values.Length / count);
                bits += count == 0 ? 0 : count * perSymbol + Math.Max(0, SymbolTable.Bits - perSymbol);
            }

            if (bits < fewest)
                (best, fewest) = (shift, bits);
            if (width == 1)
                break;
        }

        return best;
    }

    /// <summary>Low bits that carry no information beyond their number: nine values in ten then have 24 to 48 symbols.</summary>
    private int Shift(ReadOnlySpan<long> values)
    {
        int count = Math.Min(Samples, values.Length);
        for (int k = 0; k < count; k++)
            _samples[k] = values[(int)((long)k * values.Length / count)];
        Array.Sort(_samples, 0, count);
        ulong spread = (ulong)(_samples[count - 1 - count / 20] - _samples[count / 20]);
        ulong target = values.Length >= 8192 ? 48u : values.Length >= 1024 ? 24u : 12u;
        int shift = 0;
        while (shift < LargestShift && spread >> shift > target)
            shift++;
        return shift;
    }

    private void WriteWindow(ByteSink sink, ReadOnlySpan<long> values, int shift, long first, int width)
    {
        sink.Byte((int)Kind.Window);
        sink.Byte(shift);
        sink.Signed(first);
        sink.Byte(width);
        _escaped.Clear();
        _raw.Clear();
        Span<byte> room = _raw.Room(16 + (int)(((long)values.Length * shift + 7) / 8));
        ulong mask = (1ul << shift) - 1, bits = 0;
        int filled = 0, used = 0;
        fixed (byte* symbols = _coder.Symbols, raw = room)
        fixed (int* counts = _coder.Counts)
        fixed (long* value = values)
        {
            for (int i = 0; i < values.Length; i++)
            {
                ulong symbol = (ulong)((value[i] >> shift) - first);
                if (symbol >= (ulong)width)
                {
                    symbols[i] = (byte)width;
                    counts[width]++;
                    _escaped.Signed(value[i]);
                    continue;
                }

                symbols[i] = (byte)symbol;
                counts[symbol]++;
                if (shift == 0)
                    continue;
                ulong rest = (ulong)value[i] & mask;
                bits |= rest << filled;
                filled += shift;
                if (filled < 64)
                    continue;
                Unsafe.WriteUnaligned(raw + used, bits);
                used += 8;
                filled -= 64;
                bits = filled == 0 ? 0 : rest >> (shift - filled);
            }

            for (; filled > 0; filled -= 8, bits >>= 8)
                raw[used++] = (byte)bits;
        }

        _raw.Advance(used);
        _coder.Write(sink, values.Length, width + 1);
        sink.Bytes(_escaped.Written);
        sink.Bytes(_raw.Written);
    }

    private void ReadWindow(ref ByteSource source, Span<long> values)
    {
        int shift = source.Byte();
        long first = source.Signed();
        int width = source.Byte();
        if (shift > LargestShift || width is < 1 or > Window)
            throw new DamagedChunkException("a stream has an impossible window");
        _coder.Read(ref source, values.Length, width + 1);
        ReadOnlySpan<byte> symbols = _coder.Symbols.AsSpan(0, values.Length);
        int coded = values.Length;
        _escapes.Clear();
        if (_coder.Occurs(width))
            for (int at = 0, next; (next = symbols[at..].IndexOf((byte)width)) >= 0; at++)
            {
                at += next;
                _escapes.Add((at, source.Signed()));
                coded--;
            }

        ReadOnlySpan<byte> raw = source.Bytes(((long)coded * shift + 7) / 8);
        fixed (byte* bytes = raw)
        fixed (byte* symbol = symbols)
        fixed (long* value = values)
        {
            if (shift == 0)
            {
                int i = 0;
                for (Vector256<long> begin = Vector256.Create(first); i <= values.Length - Vector256<long>.Count; i += Vector256<long>.Count)
                    (Widened(symbol + i) + begin).Store(value + i);
                for (; i < values.Length; i++)
                    value[i] = first + symbol[i];
            }
            else
            {
                ulong mask = (1ul << shift) - 1;
                long bit = 0, last = raw.Length - 8;
                for (int i = 0; i < values.Length; i++)
                {
                    long at = bit >> 3;
                    // Up to 56 bits from any bit of a byte are within 8 bytes but for the 7 that a shift above 56 would want.
                    ulong window = at <= last ? Unsafe.ReadUnaligned<ulong>(bytes + at) : Tail(raw, at);
                    value[i] = (first + symbol[i] << shift) | (long)(window >> (int)(bit & 7) & mask);
                    bit += symbol[i] == width ? 0 : shift;
                }
            }
        }

        foreach (var (at, value) in _escapes)
            values[at] = value;
    }

    /// <summary>Four bytes as numbers of 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<long> Widened(byte* four) => Avx2.IsSupported ? Avx2.ConvertToVector256Int64(four)
        : Vector256.Create((long)four[0], four[1], four[2], four[3]);

    private static ulong Tail(ReadOnlySpan<byte> raw, long at)
    {
        ulong window = 0;
        for (int k = 0; at + k < raw.Length && k < 8; k++)
            window |= (ulong)raw[(int)at + k] << (8 * k);
        return window;
    }
}
