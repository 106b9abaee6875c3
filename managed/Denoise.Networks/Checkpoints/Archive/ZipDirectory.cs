using System.Buffers.Binary;
using System.Text;
using Denoise.Atoms;

namespace Denoise.Networks.Checkpoints.Archive;

/// <summary>
/// A strict reader of the zip archives that PyTorch writes: entries stored without compression (but the code of a TorchScript program,
/// which nobody reads here), an optional zip64 end record, nothing after the end. Every offset is checked against the file, names are
/// plain and unique, entries do not overlap: what a
/// hostile archive could gain from any of these is refused here. Entries are read in memory only; names never become paths.
/// Format: PKWARE APPNOTE 6.3.10, sections 4.3.7 (local header), 4.3.12 (directory), 4.3.14-16 (end records).
/// </summary>
internal sealed class ZipDirectory
{
    private const uint LocalSignature = 0x04034b50;
    private const uint CentralSignature = 0x02014b50;
    private const uint EndSignature = 0x06054b50;
    private const uint Zip64EndSignature = 0x06064b50;
    private const uint Zip64LocatorSignature = 0x07064b50;
    private const int LocalLength = 30;
    private const int CentralLength = 46;
    private const int EndLength = 22;
    private const int Zip64EndLength = 56;
    private const int Zip64LocatorLength = 20;

    private readonly string _source;
    private readonly ReadOnlyMemory<byte> _file;
    private readonly Dictionary<string, ZipEntry> _entries = new(StringComparer.Ordinal);

    public ZipDirectory(string source, ReadOnlyMemory<byte> file)
    {
        (_source, _file) = (source, file);
        (long start, long end, long count) = FindDirectory();
        ReadDirectory((int)start, (int)end, count);
        CheckOverlap();
    }

    public IReadOnlyCollection<ZipEntry> Entries => _entries.Values;

    public ZipEntry? Find(string name) => _entries.GetValueOrDefault(name);

    /// <summary>The bytes of an entry, as they are in the file.</summary>
    /// <exception cref="InputException">they are compressed</exception>
    public ReadOnlyMemory<byte> BytesOf(ZipEntry entry) => !entry.IsCompressed
        ? _file.Slice(entry.Offset, entry.Length)
        : throw new InputException($"{_source}: entry '{entry.Name}' is compressed, which torch.save does not do; unpack the archive and " +
            "pack it with 'zip -0', or save the checkpoint again.");

    private ReadOnlySpan<byte> Bytes => _file.Span;

    private uint UInt32(long position) => BinaryPrimitives.ReadUInt32LittleEndian(Bytes[(int)position..]);

    private ushort UInt16(long position) => BinaryPrimitives.ReadUInt16LittleEndian(Bytes[(int)position..]);

    private ulong UInt64(long position) => BinaryPrimitives.ReadUInt64LittleEndian(Bytes[(int)position..]);

    /// <summary>Where the directory lies and how many entries it declares.</summary>
    private (long Start, long End, long Count) FindDirectory()
    {
        long end = FindEnd();
        ulong count = UInt16(end + 10), size = UInt32(end + 12), start = UInt32(end + 16);
        long limit = end;

        long locator = end - Zip64LocatorLength;
        if (locator >= 0 && UInt32(locator) == Zip64LocatorSignature)
        {
            ulong record = UInt64(locator + 8);
            if (record > (ulong)Math.Max(0, locator - Zip64EndLength) || UInt32((long)record) != Zip64EndSignature)
                throw Damaged("its zip64 end record is not where it should be");
            (count, size, start, limit) = (UInt64((long)record + 32), UInt64((long)record + 40), UInt64((long)record + 48), (long)record);
        }

        if (size > (ulong)limit || start > (ulong)limit - size)
            throw Damaged("its directory lies outside the file");
        if (count > CheckpointLimits.ArchiveEntries || count * CentralLength > size)
            throw Damaged($"its directory declares {count} entries in {size} bytes");
        return ((long)start, (long)(start + size), (long)count);
    }

    /// <summary>The end record closes the file; only a comment of the declared length may follow it.</summary>
    private long FindEnd()
    {
        long last = Bytes.Length - EndLength;
        for (long position = last; position >= Math.Max(0, last - ushort.MaxValue); position--)
            if (UInt32(position) == EndSignature && UInt16(position + 20) == last - position)
                return position;
        throw Damaged("it has no end record, so it was cut short or not copied completely");
    }

    private void ReadDirectory(int start, int end, long count)
    {
        int position = start;
        for (long i = 0; i < count; i++)
        {
            if (end - position < CentralLength || UInt32(position) != CentralSignature)
                throw Damaged($"entry {i} of its directory is not an entry");
            int nameLength = UInt16(position + 28), extraLength = UInt16(position + 30), commentLength = UInt16(position + 32);
            int next = position + CentralLength + nameLength + extraLength + commentLength;
            if (next > end)
                throw Damaged($"entry {i} of its directory is cut short");
            string name = Name(Bytes.Slice(position + CentralLength, nameLength));
            AddEntry(name, position, Bytes.Slice(position + CentralLength + nameLength, extraLength), start);
            position = next;
        }
    }

    private void AddEntry(string name, int position, ReadOnlySpan<byte> extra, int directory)
    {
        ulong stored = UInt32(position + 20), length = UInt32(position + 24), start = UInt32(position + 42);
        ReadZip64Extra(extra, ref length, ref stored, ref start);
        if (name.EndsWith('/') && length == 0)
            return;
        if ((UInt16(position + 8) & 1) != 0)
            throw new InputException($"{_source}: entry '{name}' is encrypted; save the checkpoint without a password.");
        bool isCompressed = UInt16(position + 10) != 0 || stored != length;

        if (start > (ulong)directory || (ulong)directory - start < LocalLength || UInt32((long)start) != LocalSignature)
            throw Damaged($"entry '{name}' does not begin where its directory says");
        ulong offset = start + LocalLength + UInt16((long)start + 26) + UInt16((long)start + 28);
        if (offset > (ulong)directory || stored > (ulong)directory - offset)
            throw Damaged($"entry '{name}' declares {stored} bytes, more than the file holds");
        if (!Bytes.Slice((int)start + LocalLength, UInt16((long)start + 26)).SequenceEqual(
                Bytes.Slice(position + CentralLength, UInt16(position + 28))))
            throw Damaged($"entry '{name}' has another name in the directory than in its own header");
        if (!_entries.TryAdd(name, new(name, (int)start, (int)offset, (int)stored, UInt32(position + 16), isCompressed)))
            throw Damaged($"entry '{name}' appears twice");
    }

    /// <summary>The zip64 field holds, in this order, those of the three that are saturated in the entry itself.</summary>
    private void ReadZip64Extra(ReadOnlySpan<byte> extra, ref ulong length, ref ulong stored, ref ulong start)
    {
        while (extra.Length >= 4)
        {
            int id = BinaryPrimitives.ReadUInt16LittleEndian(extra), size = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (size > extra.Length - 4)
                throw Damaged("an extra field of its directory is cut short");
            if (id == 1)
            {
                ReadOnlySpan<byte> field = extra.Slice(4, size);
                TakeIfSaturated(ref field, ref length);
                TakeIfSaturated(ref field, ref stored);
                TakeIfSaturated(ref field, ref start);
            }

            extra = extra[(4 + size)..];
        }
    }

    private static void TakeIfSaturated(ref ReadOnlySpan<byte> field, ref ulong value)
    {
        if (value != uint.MaxValue || field.Length < 8)
            return;
        value = BinaryPrimitives.ReadUInt64LittleEndian(field);
        field = field[8..];
    }

    private string Name(ReadOnlySpan<byte> bytes)
    {
        string name = Encoding.UTF8.GetString(bytes);
        bool plain = name.Length > 0 && name[0] != '/' && !name.Any(c => c is '\\' or ':' or '\uFFFD' || char.IsControl(c))
            && !name.TrimEnd('/').Split('/').Any(part => part is "" or "." or "..");
        return plain ? name : throw Damaged($"it holds an entry '{Printable(name)}', a name that PyTorch does not write");
    }

    private static string Printable(string name) => new([.. name.Take(64).Select(c => char.IsControl(c) ? '?' : c)]);

    /// <summary>Entries that share bytes make a small file look large.</summary>
    private void CheckOverlap()
    {
        int end = 0;
        foreach (ZipEntry entry in _entries.Values.OrderBy(entry => entry.Start))
        {
            if (entry.Start < end)
                throw Damaged($"entry '{entry.Name}' overlaps another");
            end = entry.Offset + entry.Length;
        }
    }

    private InputException Damaged(string what) =>
        new($"{_source}: not an intact checkpoint: {what}; copy the file again or save it again with torch.save.");
}
