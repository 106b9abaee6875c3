namespace Denoise.Trajectories.Binary;

/// <summary>
/// The coordinates of a GROMACS XTC frame as bits (D. van der Spoel, xdrfile's xdr3dfcoord): whole numbers within a range, or small
/// differences from the atom before.
/// </summary>
internal static class XtcCoding
{
    public const int FirstSmall = 9;

    /// <summary>Beyond this range each component is coded for itself.</summary>
    public const uint LargestShared = 0xffffff;

    /// <summary>Ranges of small differences, by the bits that three of them take.</summary>
    private static readonly int[] Ranges =
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 10, 12, 16, 20, 25, 32, 40, 50, 64, 80, 101, 128, 161, 203, 256, 322, 406, 512, 645, 812, 1024, 1290,
        1625, 2048, 2580, 3250, 4096, 5060, 6501, 8192, 10321, 13003, 16384, 20642, 26007, 32768, 41285, 52015, 65536, 82570, 104031,
        131072, 165140, 208063, 262144, 330280, 416127, 524287, 660561, 832255, 1048576, 1321122, 1664510, 2097152, 2642245, 3329021,
        4194304, 5284491, 6658042, 8388607, 10568983, 13316085, 16777216,
    ];

    public static int LastSmall => Ranges.Length - 1;

    public static int RangeOf(int small) => Ranges[small];

    /// <summary>Bits of a number below another.</summary>
    public static int BitsOf(uint size)
    {
        int bits = 0;
        for (ulong number = 1; size >= number && bits < 32; number <<= 1)
            bits++;
        return bits;
    }

    /// <summary>Bits of three numbers below others, together.</summary>
    public static int BitsOf(uint a, uint b, uint c)
    {
        UInt128 product = (UInt128)a * b * c;
        int bits = 0;
        // As the original counts: of whole bytes, and of the highest as a number below it.
        for (; product > byte.MaxValue; product >>= 8)
            bits += 8;
        for (uint number = 1; (uint)product >= number; number *= 2)
            bits++;
        return bits;
    }
}
