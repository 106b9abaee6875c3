namespace Denoise.Trajectories.Binary;

/// <summary>Bits of bytes, the highest first.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private long _bit;

    /// <summary>Whether more was read than there is; what is behind the end reads as 0.</summary>
    public readonly bool IsBehindEnd => _bit > 8L * _bytes.Length;

    /// <param name="count">at most 32</param>
    public uint Take(int count)
    {
        ulong window = 0;
        int first = (int)(_bit >> 3);
        for (int k = 0; k < 5; k++)
            window = window << 8 | (first + k < _bytes.Length ? _bytes[first + k] : 0u);
        int shift = 40 - (int)(_bit & 7) - count;
        _bit += count;
        return (uint)(window >> shift & (1ul << count) - 1);
    }

    /// <summary>Three numbers below others that were written as one, its lowest byte first.</summary>
    public (int A, int B, int C) Take(int bits, uint b, uint c)
    {
        UInt128 whole = 0;
        for (int at = 0; at < bits; at += 8)
            whole |= (UInt128)Take(Math.Min(8, bits - at)) << at;
        uint third = (uint)(whole % c);
        whole /= c;
        return ((int)(uint)(whole / b), (int)(uint)(whole % b), (int)third);
    }
}
