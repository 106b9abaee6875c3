using System.Buffers.Binary;
using System.Text;

namespace Denoise.Trajectories.Compressed;

/// <summary>Reads what a <see cref="ByteSink"/> wrote.</summary>
/// <exception cref="DamagedChunkException">of every method: the bytes end before, or are none of these</exception>
internal ref struct ByteSource(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly int Left => _rest.Length;

    public ReadOnlySpan<byte> Bytes(long count)
    {
        if (count < 0 || count > _rest.Length)
            throw new DamagedChunkException("it ends too early");
        ReadOnlySpan<byte> taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }

    public int Byte() => Bytes(1)[0];

    public ulong Whole()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            int group = Byte();
            value |= (ulong)(group & 0x7f) << shift;
            if (group < 0x80)
                return value;
        }

        throw new DamagedChunkException("a number is too long");
    }

    /// <summary>A number that must not be above another.</summary>
    public int Count(int most) => Whole() is var value && value <= (ulong)most
        ? (int)value : throw new DamagedChunkException($"{value} is above the largest possible number {most}");

    public long Signed() => Whole() is var value ? (long)(value >> 1) ^ -(long)(value & 1) : 0;

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(8));

    public float Single() => BitConverter.UInt32BitsToSingle(UInt32());

    public double Double() => BitConverter.UInt64BitsToDouble(UInt64());

    public double Finite() => Double() is var value && double.IsFinite(value)
        ? value : throw new DamagedChunkException("a number is not finite");

    public float FiniteSingle() => Single() is var value && float.IsFinite(value)
        ? value : throw new DamagedChunkException("a number is not finite");

    public string Text() => Encoding.UTF8.GetString(Bytes(Count(1 << 20)));
}
