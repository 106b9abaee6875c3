using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Denoise.Trajectories.Compressed;

/// <summary>
/// Symbols of a byte, coded by how often each occurs in the stream, which says these frequencies: asymmetric numeral systems (J. Duda,
/// arXiv:1311.2540) with four interleaved states of 32 bits.
/// </summary>
internal sealed unsafe class SymbolCoder
{
    private const int States = 4;
    private const uint Lowest = 1 << 16;

    private readonly SymbolTable _table = new();
    private ushort[] _codes = [];

    /// <summary>To be written, or what was read; longer than the stream.</summary>
    public byte[] Symbols { get; private set; } = [];

    /// <summary>How often each symbol occurs in what is to be written.</summary>
    public int[] Counts { get; } = new int[SymbolTable.MostSymbols];

    /// <summary>Makes room, and counts from 0.</summary>
    public void Begin(int count)
    {
        Reserve(count);
        Array.Clear(Counts);
    }

    /// <summary>Whether a symbol is in the stream that was read.</summary>
    public bool Occurs(int symbol) => _table.Frequency[symbol] > 0;

    /// <summary>Frequencies, the number of words of 16 bits, the four states, the words in the order in which they are read.</summary>
    public void Write(ByteSink sink, int count, int symbols)
    {
        _table.Normalize(Counts, symbols, count);
        _table.Write(sink, symbols);
        // One in front, where a word is tried that is not used.
        int capacity = count + States;
        if (_codes.Length < capacity)
            _codes = new ushort[capacity];
        uint* states = stackalloc uint[States];
        new Span<uint>(states, States).Fill(Lowest);
        int next = capacity;
        fixed (byte* symbol = Symbols)
        fixed (ushort* codes = _codes)
        fixed (uint* frequency = _table.Frequency, begin = _table.Begin)
        fixed (ulong* reciprocal = _table.Reciprocal)
        {
            ushort* free = codes + next - 1;
            int i = count - 1;
            for (; (i & (States - 1)) != States - 1 && i >= 0; i--)
                Put(ref states[i & (States - 1)], symbol[i], frequency, begin, reciprocal, ref free);
            uint x0 = states[0], x1 = states[1], x2 = states[2], x3 = states[3];
            for (; i >= 0; i -= States)
            {
                Put(ref x3, symbol[i], frequency, begin, reciprocal, ref free);
                Put(ref x2, symbol[i - 1], frequency, begin, reciprocal, ref free);
                Put(ref x1, symbol[i - 2], frequency, begin, reciprocal, ref free);
                Put(ref x0, symbol[i - 3], frequency, begin, reciprocal, ref free);
            }

            (states[0], states[1], states[2], states[3]) = (x0, x1, x2, x3);
            next = (int)(free - codes) + 1;
        }

        sink.Whole((ulong)(capacity - next));
        for (int s = 0; s < States; s++)
            sink.UInt32(states[s]);
        sink.Bytes(MemoryMarshal.AsBytes(_codes.AsSpan(next, capacity - next)));
    }

    /// <summary>What <see cref="Write"/> has written, into <see cref="Symbols"/>.</summary>
    /// <exception cref="DamagedChunkException">it was not written so</exception>
    public void Read(ref ByteSource source, int count, int symbols)
    {
        _table.Read(ref source, symbols);
        int words = source.Count(count);
        uint x0 = source.UInt32(), x1 = source.UInt32(), x2 = source.UInt32(), x3 = source.UInt32();
        if (x0 < Lowest || x1 < Lowest || x2 < Lowest || x3 < Lowest)
            throw new DamagedChunkException("a state of a stream is too small");
        ReadOnlySpan<byte> bytes = source.Bytes(2L * words);
        Reserve(count);
        fixed (byte* begin = bytes, symbol = Symbols)
        fixed (uint* places = _table.Places)
        {
            ushort* next = (ushort*)begin, end = next + words;
            int i = 0;
            for (; i + States <= count && end - next >= States; i += States)
            {
                symbol[i] = Take(ref x0, places, ref next);
                symbol[i + 1] = Take(ref x1, places, ref next);
                symbol[i + 2] = Take(ref x2, places, ref next);
                symbol[i + 3] = Take(ref x3, places, ref next);
            }

            for (; i < count; i++)
            {
                ref uint x = ref x0;
                switch (i & (States - 1))
                {
                    case 1: x = ref x1; break;
                    case 2: x = ref x2; break;
                    case 3: x = ref x3; break;
                }

                uint place = places[x & (SymbolTable.Total - 1)];
                x = ((place >> 8 & 0xfff) + 1) * (x >> SymbolTable.Bits) + (place >> 20);
                if (x < Lowest)
                {
                    if (next == end)
                        throw new DamagedChunkException("a stream ends too early");
                    x = x << 16 | *next++;
                }

                symbol[i] = (byte)place;
            }

            if (next != end || (x0 ^ Lowest | x1 ^ Lowest | x2 ^ Lowest | x3 ^ Lowest) != 0)
                throw new DamagedChunkException("a stream does not end where it should");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte Take(ref uint state, uint* places, ref ushort* next)
    {
        uint place = places[state & (SymbolTable.Total - 1)];
        uint x = ((place >> 8 & 0xfff) + 1) * (state >> SymbolTable.Bits) + (place >> 20);
        if (x < Lowest)
            x = x << 16 | *next++;
        state = x;
        return (byte)place;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(ref uint state, byte symbol, uint* frequency, uint* begin, ulong* reciprocal, ref ushort* free)
    {
        uint x = state, f = frequency[symbol];
        *free = (ushort)x;
        bool isFull = x >> (32 - SymbolTable.Bits) >= f;
        x = isFull ? x >> 16 : x;
        free -= isFull ? 1 : 0;
        uint quotient = (uint)(x * reciprocal[symbol] >> SymbolTable.ReciprocalBits);
        state = x + begin[symbol] + quotient * (SymbolTable.Total - f);
    }

    private void Reserve(int count)
    {
        if (Symbols.Length < count)
            Symbols = new byte[count];
    }
}
