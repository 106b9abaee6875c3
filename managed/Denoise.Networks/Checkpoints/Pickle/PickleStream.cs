using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Denoise.Atoms;

namespace Denoise.Networks.Checkpoints.Pickle;

/// <summary>The bytes of a pickle with a position; every read is checked against the end.</summary>
internal sealed class PickleStream(string source, ReadOnlyMemory<byte> bytes)
{
    public int Position { get; private set; }

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    public string Text(ulong length) => Encoding.UTF8.GetString(Take(length));

    /// <summary>A string of Python 2, whose bytes have no declared encoding.</summary>
    public string Latin1(ulong length) => Encoding.Latin1.GetString(Take(length));

    public byte[] Bytes(ulong length) => Take(length).ToArray();

    /// <summary>A little-endian two's complement integer: <see cref="long"/> where it fits, else <see cref="BigInteger"/>.</summary>
    public object Integer(ulong length)
    {
        if (length > CheckpointLimits.IntegerBytes)
            throw Error($"declares an integer of {length} bytes");
        BigInteger value = new(Take(length));
        return value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;
    }

    /// <summary>The text up to a line feed: names of modules and classes in GLOBAL.</summary>
    public string Line()
    {
        int length = bytes.Span[Position..].IndexOf((byte)'\n');
        if (length < 0)
            throw Error("ends inside a name");
        string line = Encoding.UTF8.GetString(Take((ulong)length));
        Position++;
        return line;
    }

    /// <summary>A frame only groups opcodes; that it fits is all that matters.</summary>
    public void Frame()
    {
        ulong length = UInt64();
        if (length > (ulong)(bytes.Length - Position))
            throw Error($"declares a frame of {length} bytes, more than are left");
    }

    public InputException Error(string what) =>
        new($"{source}: the pickle inside {what} (byte {Position}); the file is damaged or not a PyTorch checkpoint.");

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)(bytes.Length - Position))
            throw Error(length <= 8 ? "ends early" : $"declares {length} bytes where {bytes.Length - Position} are left");
        ReadOnlySpan<byte> taken = bytes.Span.Slice(Position, (int)length);
        Position += (int)length;
        return taken;
    }
}
