using System.Runtime.InteropServices;

namespace Denoise.Networks.Checkpoints.Archive;

/// <summary>The checksum of zip entries: CRC-32 of ISO 3309 (polynomial 0xEDB88320, reflected), eight bytes per step.</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;

    private static readonly uint[] Table = BuildTable();

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        uint[] t = Table;
        while (bytes.Length >= 8)
        {
            uint low = crc ^ MemoryMarshal.Read<uint>(bytes);
            uint high = MemoryMarshal.Read<uint>(bytes[4..]);
            crc = t[0x700 | (low & 255)] ^ t[0x600 | (low >> 8 & 255)] ^ t[0x500 | (low >> 16 & 255)] ^ t[0x400 | low >> 24]
                ^ t[0x300 | (high & 255)] ^ t[0x200 | (high >> 8 & 255)] ^ t[0x100 | (high >> 16 & 255)] ^ t[high >> 24];
            bytes = bytes[8..];
        }

        foreach (byte value in bytes)
            crc = crc >> 8 ^ t[(byte)crc ^ value];
        return ~crc;
    }

    /// <summary>[8, 256]: row k is the checksum of a byte followed by k zero bytes.</summary>
    private static uint[] BuildTable()
    {
        uint[] table = new uint[8 * 256];
        for (uint i = 0; i < 256; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? crc >> 1 ^ Polynomial : crc >> 1;
            table[i] = crc;
        }

        for (int i = 256; i < table.Length; i++)
            table[i] = table[i - 256] >> 8 ^ table[(byte)table[i - 256]];
        return table;
    }
}
