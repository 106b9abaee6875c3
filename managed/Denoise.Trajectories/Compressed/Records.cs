using System.Buffers.Binary;

namespace Denoise.Trajectories.Compressed;

/// <summary>The outer form of a .dnz file: its first bytes, and records that say their length and carry their checksums.</summary>
internal static class Records
{
    public const int Version = 1;
    public const int FileHeadLength = 16;
    public const int HeadLength = 20;
    public const int LongestPayload = 1 << 29;

    public const byte Frame = (byte)'F';
    public const byte Chunk = (byte)'C';
    public const byte Index = (byte)'I';

    public static ReadOnlySpan<byte> Magic => [0x89, (byte)'D', (byte)'N', (byte)'Z', (byte)'\r', (byte)'\n', 0x1a, (byte)'\n'];

    public static ReadOnlySpan<byte> Sync => [0xd5, (byte)'N', (byte)'Z'];

    public static ReadOnlySpan<byte> End => "DNZINDEX"u8;

    /// <param name="head">[<see cref="FileHeadLength"/>] result</param>
    public static void FileHead(Span<byte> head)
    {
        Magic.CopyTo(head);
        BinaryPrimitives.WriteUInt32LittleEndian(head[8..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(head[12..], Checksum.Of(head[..12]));
    }

    public static void Write(IRecordTarget target, byte kind, long frame, int block, ReadOnlySpan<byte> payload)
    {
        Span<byte> head = stackalloc byte[HeadLength], sum = stackalloc byte[4];
        Sync.CopyTo(head);
        head[3] = kind;
        BinaryPrimitives.WriteUInt32LittleEndian(head[4..], (uint)payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[8..], (uint)frame);
        BinaryPrimitives.WriteUInt32LittleEndian(head[12..], (uint)block);
        BinaryPrimitives.WriteUInt32LittleEndian(head[16..], Checksum.Of(head[..16]));
        BinaryPrimitives.WriteUInt32LittleEndian(sum, Checksum.Of(payload));
        target.Add(head);
        target.Add(payload);
        target.Add(sum);
    }

    /// <summary>Whether bytes are a whole head of a record.</summary>
    public static bool IsHead(ReadOnlySpan<byte> head) => head.Length == HeadLength && head.StartsWith(Sync) &&
        BinaryPrimitives.ReadUInt32LittleEndian(head[16..]) == Checksum.Of(head[..16]) &&
        BinaryPrimitives.ReadUInt32LittleEndian(head[4..]) <= LongestPayload;
}
