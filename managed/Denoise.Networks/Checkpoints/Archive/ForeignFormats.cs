using System.Buffers.Binary;
using Denoise.Atoms;

namespace Denoise.Networks.Checkpoints.Archive;

/// <summary>Recognizes what people give in place of a checkpoint, to say how to get from there to one.</summary>
internal static class ForeignFormats
{
    /// <summary>How the torch.save of PyTorch before 1.6 begins: a pickled long, 0x1950a86a20f9469cfc6c.</summary>
    private static ReadOnlySpan<byte> LegacyMagic => [0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

    /// <summary>Throws an <see cref="InputException"/> unless the bytes begin as a zip archive does.</summary>
    public static void Refuse(string source, ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("PK\x03\x04"u8))
            return;
        throw new InputException(bytes switch
        {
            [] => $"{source}: is empty.",
            [0x80, _, ..] when bytes[2..].StartsWith(LegacyMagic) =>
                $"{source}: is in the format of PyTorch before 1.6; convert it once with PyTorch: " +
                "torch.save(torch.load('OLD.pt', map_location='cpu'), 'NEW.pt').",
            [0x80, ..] => $"{source}: is a bare Python pickle, not a checkpoint; load it in Python and torch.save its state dict.",
            _ when bytes.StartsWith("version https://git-lfs"u8) =>
                $"{source}: is only a pointer to a large file; fetch the file itself with 'git lfs pull'.",
            _ when IsCompressed(bytes) =>
                $"{source}: is compressed; unpack it first.",
            [0x89, (byte)'H', (byte)'D', (byte)'F', ..] => $"{source}: is an HDF5 file, not a PyTorch checkpoint.",
            _ when IsSafetensors(bytes) =>
                $"{source}: is a safetensors file; convert it once with Python: " +
                "torch.save(safetensors.torch.load_file('OLD.safetensors'), 'NEW.pt').",
            _ => $"{source}: is not a PyTorch checkpoint (a zip archive made by torch.save).",
        });
    }

    /// <summary>gzip, bzip2, Zstandard, xz.</summary>
    private static bool IsCompressed(ReadOnlySpan<byte> bytes) =>
        bytes is [0x1f, 0x8b, ..] or [(byte)'B', (byte)'Z', (byte)'h', ..] or [0x28, 0xb5, 0x2f, 0xfd, ..]
            or [0xfd, (byte)'7', (byte)'z', ..];

    /// <summary>A 64-bit header length, then JSON.</summary>
    private static bool IsSafetensors(ReadOnlySpan<byte> bytes) =>
        bytes.Length > 9 && bytes[8] == '{' && BinaryPrimitives.ReadUInt64LittleEndian(bytes) < (ulong)bytes.Length;
}
