using System.Buffers.Binary;
using System.Text;
using Denoise.Atoms;

namespace Denoise.Networks.Checkpoints.Archive;

/// <summary>
/// Writes stored zip entries as PyTorch does: each entry's bytes begin at a multiple of 64, padded by an extra field "FB", so
/// that tensors can be memory-mapped. Times are fixed: equal content gives equal files.
/// </summary>
internal sealed class ZipWriter(Stream stream)
{
    public const int Alignment = 64;

    /// <summary>1980-01-01, the first day that zip can express.</summary>
    private const ushort Date = 1 << 5 | 1;

    /// <summary>Names are UTF-8.</summary>
    private const ushort Flags = 0x0800;

    private readonly List<(byte[] Name, uint Checksum, uint Length, uint Start)> _entries = [];
    private long _position;

    /// <exception cref="InputException">the archive grows beyond what a reader of ours accepts</exception>
    public void Add(string name, ReadOnlySpan<byte> content)
    {
        if (_position + content.Length > CheckpointLimits.FileBytes || _entries.Count >= ushort.MaxValue)
            throw new InputException($"the network is too large for a checkpoint (more than {CheckpointLimits.FileBytes:N0} bytes).");
        byte[] utf8 = Encoding.UTF8.GetBytes(name);
        uint checksum = Crc32.Of(content);
        _entries.Add((utf8, checksum, (uint)content.Length, (uint)_position));

        long unpadded = _position + 30 + utf8.Length + 4;
        int padding = (int)((Alignment - unpadded % Alignment) % Alignment);
        Span<byte> header = stackalloc byte[30];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0x04034b50);
        WriteCommon(header[6..], checksum, content.Length, utf8.Length, 4 + padding);
        Write(header);
        Write(utf8);
        Span<byte> extra = stackalloc byte[4 + padding];
        extra.Fill((byte)'Z');
        "FB"u8.CopyTo(extra);
        BinaryPrimitives.WriteUInt16LittleEndian(extra[2..], (ushort)padding);
        Write(extra);
        Write(content);
    }

    /// <summary>The directory and the end record.</summary>
    public void Finish()
    {
        long start = _position;
        Span<byte> header = stackalloc byte[46];
        foreach ((byte[] name, uint checksum, uint length, uint offset) in _entries)
        {
            header.Clear();
            BinaryPrimitives.WriteUInt32LittleEndian(header, 0x02014b50);
            WriteCommon(header[8..], checksum, (int)length, name.Length, 0);
            BinaryPrimitives.WriteUInt32LittleEndian(header[42..], offset);
            Write(header);
            Write(name);
        }

        Span<byte> end = stackalloc byte[22];
        end.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(end, 0x06054b50);
        BinaryPrimitives.WriteUInt16LittleEndian(end[8..], (ushort)_entries.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(end[10..], (ushort)_entries.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(end[12..], (uint)(_position - start));
        BinaryPrimitives.WriteUInt32LittleEndian(end[16..], (uint)start);
        Write(end);
    }

    /// <summary>The fields that local and central headers share: flags, method, time, date, checksum, sizes, name, extra.</summary>
    private static void WriteCommon(Span<byte> header, uint checksum, int length, int nameLength, int extraLength)
    {
        header[..24].Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(header, Flags);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], Date);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], checksum);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], length);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], length);
        BinaryPrimitives.WriteUInt16LittleEndian(header[20..], (ushort)nameLength);
        BinaryPrimitives.WriteUInt16LittleEndian(header[22..], (ushort)extraLength);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        stream.Write(bytes);
        _position += bytes.Length;
    }
}
