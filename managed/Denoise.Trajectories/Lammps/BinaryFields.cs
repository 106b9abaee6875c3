using System.Buffers.Binary;
using System.Text;
using Denoise.Atoms;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories.Lammps;

/// <summary>The numbers of a binary dump in the byte order of the machine that wrote it.</summary>
/// <param name="scanner">stands at the next of them</param>
/// <param name="layout">how they were written</param>
/// <param name="cut">makes the exception for an end in the middle of one</param>
internal sealed class BinaryFields(LineScanner scanner, BinaryLayout layout, Func<InputException> cut)
{
    private const int LongestText = 1 << 20;

    public int Int()
    {
        Span<byte> bytes = stackalloc byte[4];
        Fill(bytes);
        return layout.BigEndian ? BinaryPrimitives.ReadInt32BigEndian(bytes) : BinaryPrimitives.ReadInt32LittleEndian(bytes);
    }

    /// <summary>LAMMPS's bigint, of 4 or 8 bytes.</summary>
    public long Big()
    {
        if (layout.BigintBytes == 4)
            return Int();
        Span<byte> bytes = stackalloc byte[8];
        Fill(bytes);
        return layout.BigEndian ? BinaryPrimitives.ReadInt64BigEndian(bytes) : BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }

    public byte Byte()
    {
        Span<byte> bytes = stackalloc byte[1];
        Fill(bytes);
        return bytes[0];
    }

    public double Double()
    {
        Span<double> one = stackalloc double[1];
        Doubles(one);
        return one[0];
    }

    public void Doubles(Span<double> values)
    {
        Fill(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values));
        if (layout.BigEndian)
            foreach (ref double value in values)
                value = BitConverter.Int64BitsToDouble(BinaryPrimitives.ReverseEndianness(BitConverter.DoubleToInt64Bits(value)));
    }

    /// <summary>Characters behind their number; null where that is no number of characters.</summary>
    public string? Text() => Int() is >= 0 and <= LongestText and int length ? Characters(length) : null;

    public string Characters(int length)
    {
        byte[] bytes = new byte[length];
        Fill(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    private void Fill(Span<byte> bytes)
    {
        if (scanner.ReadBytes(bytes) < bytes.Length)
            throw cut();
    }
}
