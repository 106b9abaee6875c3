using System.IO.Compression;
using Denoise.Atoms;
using ZstdSharp;

namespace Denoise.Trajectories.Text;

/// <summary>
/// The compressions that files come in, told by their first bytes, not by the name: downloads lose their extension. What is not
/// read is known too, so that the sentence says what to do.
/// </summary>
internal static class Compression
{
    private const int LongestMagic = 6;

    private static readonly string[] Extensions = [".gz", ".zst"];

    private static readonly (byte[] Magic, string Name, string Remedy)[] Unreadable =
    [
        ([.. "BZh"u8], "bzip2", "bunzip2 -k"),
        ([0xfd, .. "7zXZ\0"u8], "xz", "unxz -k"),
        ([0x04, 0x22, 0x4d, 0x18], "lz4", "unlz4"),
        ([0x1f, 0x9d], "compress (.Z)", "uncompress"),
        ([.. "LZIP"u8], "lzip", "lzip -dk"),
        ([.. "7z"u8, 0xbc, 0xaf, 0x27, 0x1c], "7-Zip", "7z x"),
        ([.. "PK"u8, 3, 4], "zip", "unzip"),
    ];

    // Otherwise .NET takes gzip data that end too early for complete.
    static Compression() => AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);

    /// <summary>A file name without the extension of a compression that is read.</summary>
    public static string NameWithout(string name)
    {
        foreach (string extension in Extensions)
            if (name.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
                return name[..^extension.Length];
        return name;
    }

    /// <exception cref="InputException">compressed in a way that is not read</exception>
    public static Stream Decompressed(Stream source, string path)
    {
        Span<byte> buffer = stackalloc byte[LongestMagic];
        ReadOnlySpan<byte> magic = buffer[..source.ReadAtLeast(buffer, LongestMagic, throwOnEndOfStream: false)];
        foreach (var (known, name, remedy) in Unreadable)
            if (magic.StartsWith(known))
                throw new InputException($"{path}: is compressed with {name}, which is not read; decompress it first: {remedy} {path} " +
                    "(compressed with gzip or zstd it can stay)");
        PrefixedStream peeked = new(source, magic.Length, magic);
        return magic switch
        {
            [0x1f, 0x8b, ..] => new GZipStream(peeked, CompressionMode.Decompress),
            // A frame of data, or one to be skipped, with which pzstd begins.
            [0x28, 0xb5, 0x2f, 0xfd, ..] or [>= 0x50 and <= 0x5f, 0x2a, 0x4d, 0x18, ..] =>
                new DecompressionStream(peeked, leaveOpen: false),
            _ => peeked,
        };
    }

    /// <summary>Whether an exception says that compressed data are damaged.</summary>
    public static bool IsDamage(Exception failure) => failure is InvalidDataException or ZstdException or EndOfStreamException;
}
