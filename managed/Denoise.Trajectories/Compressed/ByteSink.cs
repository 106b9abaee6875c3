using System.Buffers.Binary;
using System.Text;

namespace Denoise.Trajectories.Compressed;

/// <summary>Bytes that grow: little-endian numbers, and whole numbers in groups of 7 bits, the lowest first (LEB128).</summary>
internal sealed class ByteSink
{
    private byte[] _bytes = new byte[4096];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Room for bytes at the end, of which <see cref="Advance"/> says how many were used.</summary>
    public Span<byte> Room(int bytes)
    {
        if (_bytes.Length - Length < bytes)
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, checked(Length + bytes)));
        return _bytes.AsSpan(Length);
    }

    public void Advance(int bytes) => Length += bytes;

    public void Byte(int value)
    {
        Room(1)[0] = (byte)value;
        Length++;
    }

    public void Whole(ulong value)
    {
        Span<byte> room = Room(10);
        int k = 0;
        for (; value >= 0x80; value >>= 7)
            room[k++] = (byte)(value | 0x80);
        room[k++] = (byte)value;
        Length += k;
    }

    /// <summary>Of either sign: 0, -1, 1, -2, ... are 0, 1, 2, 3, ...</summary>
    public void Signed(long value) => Whole((ulong)(value << 1 ^ value >> 63));

    public void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Room(4), value);
        Length += 4;
    }

    public void UInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Room(8), value);
        Length += 8;
    }

    public void Single(float value) => UInt32(BitConverter.SingleToUInt32Bits(value));

    public void Double(double value) => UInt64(BitConverter.DoubleToUInt64Bits(value));

    /// <summary>UTF-8 behind its number of bytes.</summary>
    public void Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        Whole((ulong)utf8.Length);
        Bytes(utf8);
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
    }
}
