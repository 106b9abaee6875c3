using System.Numerics;

namespace Denoise.Trajectories.Compressed;

/// <summary>How often the symbols of a stream occur, as parts of 4096, and the tables that coding by asymmetric numerals needs.</summary>
internal sealed class SymbolTable
{
    public const int Bits = 12;

    /// <summary>That say how long a frequency is.</summary>
    public const int BitsOfLength = 4;
    public const int Total = 1 << Bits;
    public const int MostSymbols = 256;
    public const int ReciprocalBits = 44;

    public readonly uint[] Frequency = new uint[MostSymbols];
    public readonly uint[] Begin = new uint[MostSymbols];

    /// <summary>
    /// What divides by a frequency: of a state below 2^20 times it, the whole part of the quotient is that of the product over 2^44, because
    /// the product errs by less than a part that the frequency does not have.
    /// </summary>
    public readonly ulong[] Reciprocal = new ulong[MostSymbols];

    /// <summary>Of each of the 4096 places: symbol, frequency less 1 (from bit 8), place within the symbol (from bit 20).</summary>
    public readonly uint[] Places = new uint[Total];

    /// <summary>Parts of 4096 that are nearest to counts; none that occurs gets none.</summary>
    public void Normalize(ReadOnlySpan<int> counts, int symbols, long total)
    {
        long sum = 0;
        int largest = 0;
        for (int s = 0; s < symbols; s++)
        {
            Frequency[s] = counts[s] == 0 ? 0 : (uint)Math.Max(1, ((long)counts[s] * Total + total / 2) / total);
            sum += Frequency[s];
            largest = Frequency[s] > Frequency[largest] ? s : largest;
        }

        for (; sum > Total; sum--)
        {
            // At most 256 rounds: rounding up costs less than one part per symbol.
            int from = 0;
            for (int s = 0; s < symbols; s++)
                from = Frequency[s] > Frequency[from] ? s : from;
            Frequency[from]--;
        }

        Frequency[largest] += (uint)(Total - sum);
        Accumulate(symbols);
        for (int s = 0; s < symbols; s++)
            if (Frequency[s] > 0)
                Reciprocal[s] = ((1ul << ReciprocalBits) + Frequency[s] - 1) / Frequency[s];
    }

    /// <summary>Of each symbol the number of bits of its frequency in 4 bits, then these without the highest.</summary>
    public void Write(ByteSink sink, int symbols)
    {
        ulong bits = 0;
        int filled = 0;
        for (int s = 0; s < symbols; s++)
        {
            int length = 32 - BitOperations.LeadingZeroCount(Frequency[s]);
            bits |= (ulong)length << filled;
            filled += BitsOfLength;
            if (length > 1)
            {
                bits |= (ulong)(Frequency[s] & ((1u << (length - 1)) - 1)) << filled;
                filled += length - 1;
            }

            for (; filled >= 8; filled -= 8, bits >>= 8)
                sink.Byte((byte)bits);
        }

        if (filled > 0)
            sink.Byte((byte)bits);
    }

    public void Read(ref ByteSource source, int symbols)
    {
        ulong bits = 0;
        int filled = 0;
        for (int s = 0; s < symbols; s++)
        {
            int length = Take(ref source, BitsOfLength);
            if (length > Bits + 1)
                throw new DamagedChunkException("a frequency is too large");
            Frequency[s] = length == 0 ? 0 : 1u << (length - 1) | (uint)Take(ref source, length - 1);
        }

        if (Accumulate(symbols) != Total)
            throw new DamagedChunkException("its frequencies have a wrong sum");
        for (uint s = 0; s < symbols; s++)
            for (uint k = 0; k < Frequency[s]; k++)
                Places[Begin[s] + k] = s | Frequency[s] - 1 << 8 | k << 20;

        int Take(ref ByteSource source, int count)
        {
            for (; filled < count; filled += 8)
                bits |= (ulong)source.Byte() << filled;
            int value = (int)(bits & ((1u << count) - 1));
            bits >>= count;
            filled -= count;
            return value;
        }
    }

    private uint Accumulate(int symbols)
    {
        uint sum = 0;
        for (int s = 0; s < symbols; s++)
        {
            Begin[s] = sum;
            sum += Frequency[s];
        }

        return sum;
    }
}
