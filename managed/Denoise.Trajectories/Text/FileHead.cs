using System.Text;

namespace Denoise.Trajectories.Text;

/// <summary>What a file begins with, decompressed, and how it is called: all that its format is recognized by.</summary>
internal sealed class FileHead
{
    /// <summary>So much of a file is looked at.</summary>
    public const int Length = 64 * 1024;

    /// <param name="bytes">at most <see cref="Length"/></param>
    /// <param name="path">of the file</param>
    public FileHead(ReadOnlySpan<byte> bytes, string path)
    {
        Bytes = bytes.ToArray();
        Path = path;
        Name = Compression.NameWithout(System.IO.Path.GetFileName(path));
        Lines = Encoding.UTF8.GetString(bytes).Split('\n');
    }

    public string Path { get; }

    /// <summary>The file's name without its folder, and without the extension of a compression.</summary>
    public string Name { get; }

    public byte[] Bytes { get; }

    /// <summary>Without line feeds; the last may be cut.</summary>
    public string[] Lines { get; }

    public bool IsEmpty => Utf8.Trim(Bytes).IsEmpty;

    public static string[] Words(string line) => line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
}
