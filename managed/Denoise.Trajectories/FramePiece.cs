namespace Denoise.Trajectories;

/// <summary>What a file says of a frame, or of all frames so far, at its end (compressed) or at its beginning (binary).</summary>
/// <param name="Checksum">CRC-32 (RFC 1952), where the file is compressed with gzip; else 0</param>
/// <param name="Length">bytes of text, where the file is compressed with gzip; else 0</param>
/// <param name="Atoms">in every frame, where the file has a head that says it; else 0</param>
/// <param name="FirstStep">of the first frame, where the file has such a head; else 0</param>
/// <param name="LastStep">of the last frame, where the file has such a head; else 0</param>
public readonly record struct FramePiece(uint Checksum, long Length, int Atoms = 0, long FirstStep = 0, long LastStep = 0)
{
    // The polynomial of the checksum, its highest power in the lowest bit, and x^0 in that order.
    private const uint Polynomial = 0xEDB88320;
    private const uint One = 0x80000000;

    /// <summary>Of this text and another behind it.</summary>
    /// <remarks>
    /// A checksum is the rest of a division of polynomials over {0, 1}: text behind it multiplies it by x for every bit. Start and end
    /// values of the checksum cancel.
    /// </remarks>
    public FramePiece Followed(FramePiece next) => new(
        Times(Checksum, PowerOfX(8 * (UInt128)next.Length)) ^ next.Checksum, Length + next.Length, Atoms, FirstStep, next.LastStep);

    private static uint PowerOfX(UInt128 exponent)
    {
        uint result = One, square = One >> 1;
        for (; exponent != 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0)
                result = Times(result, square);
            square = Times(square, square);
        }

        return result;
    }

    private static uint Times(uint a, uint b)
    {
        uint product = 0;
        for (uint bit = One; bit != 0; bit >>= 1)
        {
            if ((a & bit) != 0)
                product ^= b;
            b = (b & 1) != 0 ? b >> 1 ^ Polynomial : b >> 1;
        }

        return product;
    }
}
