using System.Buffers.Binary;
using System.Text;

namespace Denoise.Networks.Tests.Checkpoints;

/// <summary>
/// Makes zip archives, right and wrong: every field can be set apart from the bytes. Written independently of the product's
/// writer.
/// </summary>
internal sealed class ArchiveBuilder
{
    internal sealed record Entry(string Name, byte[] Content)
    {
        public ushort Method { get; init; }

        public ushort Flags { get; init; }

        public uint? Checksum { get; init; }

        public uint? DeclaredLength { get; init; }

        public string? LocalName { get; init; }

        /// <summary>Where the directory says that it begins, if not where it does.</summary>
        public uint? Start { get; init; }
    }

    public List<Entry> Entries { get; } = [];

    public ushort? DeclaredCount { get; init; }

    public uint? DirectoryStart { get; init; }

    public ArchiveBuilder Add(string name, byte[] content)
    {
        Entries.Add(new(name, content));
        return this;
    }

    public byte[] Build()
    {
        using MemoryStream file = new();
        List<uint> starts = [];
        foreach (Entry entry in Entries)
        {
            starts.Add((uint)file.Length);
            Header(file, entry, Encoding.UTF8.GetBytes(entry.LocalName ?? entry.Name), null);
            file.Write(entry.Content);
        }

        uint directory = (uint)file.Length;
        for (int i = 0; i < Entries.Count; i++)
            Header(file, Entries[i], Encoding.UTF8.GetBytes(Entries[i].Name), Entries[i].Start ?? starts[i]);

        byte[] end = new byte[22];
        uint size = (uint)file.Length - directory;
        BinaryPrimitives.WriteUInt32LittleEndian(end, 0x06054b50);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(8), DeclaredCount ?? (ushort)Entries.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(10), DeclaredCount ?? (ushort)Entries.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(12), size);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(16), DirectoryStart ?? directory);
        file.Write(end);
        return file.ToArray();
    }

    private static void Header(MemoryStream file, Entry entry, byte[] name, uint? start)
    {
        byte[] header = new byte[start is null ? 30 : 46];
        BinaryPrimitives.WriteUInt32LittleEndian(header, start is null ? 0x04034b50u : 0x02014b50u);
        Span<byte> common = header.AsSpan(start is null ? 6 : 8);
        BinaryPrimitives.WriteUInt16LittleEndian(common, entry.Flags);
        BinaryPrimitives.WriteUInt16LittleEndian(common[2..], entry.Method);
        BinaryPrimitives.WriteUInt32LittleEndian(common[8..], entry.Checksum ?? Crc(entry.Content));
        BinaryPrimitives.WriteUInt32LittleEndian(common[12..], entry.DeclaredLength ?? (uint)entry.Content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(common[16..], entry.DeclaredLength ?? (uint)entry.Content.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(common[20..], (ushort)name.Length);
        if (start is uint offset)
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(42), offset);
        file.Write(header);
        file.Write(name);
    }

    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(value =>
    {
        uint crc = (uint)value;
        for (int bit = 0; bit < 8; bit++)
            crc = (crc & 1) != 0 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
        return crc;
    })];

    private static uint Crc(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
            crc = crc >> 8 ^ CrcTable[(byte)(crc ^ value)];
        return ~crc;
    }
}
