using System.IO.Compression;
using ZstdSharp;

namespace Denoise.Fuzz.Mutation;

/// <summary>
/// Damages what is compressed and packs it again with right checksums, or damages the packed bytes; several streams one after the
/// other, streams of nothing, and content that packs a thousandfold.
/// </summary>
/// <param name="inner">of what is compressed</param>
internal sealed class CompressedMutator(IMutator inner) : IMutator
{
    // What content of a few KB unpacks to. More is a matter of the limits, not of one mutation.
    private const int MostUnpacked = Running.Limits.InputBytes;

    private readonly Draft _unpacked = new();

    public void Mutate(Draft draft, byte[] other, Random random)
    {
        int kind = random.Next(8);
        if (kind == 0 || Unpack(draft.Bytes) is not { } content)
        {
            ByteMutator.Instance.Mutate(draft, other, random);
            return;
        }

        if (kind == 1)
        {
            draft.Insert(draft.Length, Pack(content.AsSpan(0, random.Next(content.Length + 1)), random));
            return;
        }

        _unpacked.Set(content);
        inner.Mutate(_unpacked, Unpack(other) ?? [], random);
        if (kind == 2)
            _unpacked.Insert(_unpacked.Length, new byte[random.Next(MostUnpacked)].AsSpan());
        draft.Set(Pack(_unpacked.Bytes, random));
        if (kind == 3)
            draft.Remove(random.Next(draft.Length)..);
    }

    private static byte[]? Unpack(ReadOnlySpan<byte> bytes)
    {
        if (bytes is not ([0x1f, 0x8b, ..] or [0x28, 0xb5, 0x2f, 0xfd, ..]))
            return null;
        byte[] content = new byte[MostUnpacked];
        MemoryStream packed = new(bytes.ToArray());
        try
        {
            using Stream stream = bytes[0] == 0x28 ? new DecompressionStream(packed) : new GZipStream(packed, CompressionMode.Decompress);
            return content[..stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false)];
        }
        catch (Exception damage) when (damage is InvalidDataException or ZstdException or IOException)
        {
            return null;
        }
    }

    private static byte[] Pack(ReadOnlySpan<byte> content, Random random)
    {
        using MemoryStream packed = new();
        using (Stream stream = random.Next(3) switch
        {
            0 => new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            1 => new GZipStream(packed, CompressionLevel.NoCompression, leaveOpen: true),
            _ => new CompressionStream(packed, leaveOpen: true),
        })
            stream.Write(content);
        return packed.ToArray();
    }
}
