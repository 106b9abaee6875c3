using System.Numerics;
using System.Runtime.InteropServices;

namespace Denoise.Trajectories.Compressed;

/// <summary>CRC-32C (Castagnoli, RFC 3720), which processors have an instruction for.</summary>
internal static class Checksum
{
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words)
            crc = BitOperations.Crc32C(crc, word);
        foreach (byte last in bytes[(8 * words.Length)..])
            crc = BitOperations.Crc32C(crc, last);
        return ~crc;
    }
}
