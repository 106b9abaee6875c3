using System.IO.Compression;
using System.Text;
using Denoise.Trajectories.Text;
using ZstdSharp;

namespace Denoise.Trajectories;

/// <summary>
/// Recognizes the files that hold results of this program, which a later run may replace. What another program wrote may be all that
/// is left of a simulation.
/// </summary>
public static class ResultFile
{
    private const int HeadBytes = 64 * 1024;

    /// <summary>Whether a file ends its rows with our columns, in the format that its name asks for.</summary>
    /// <exception cref="IOException">it cannot be read</exception>
    /// <exception cref="UnauthorizedAccessException">it may not be read</exception>
    public static bool IsIn(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0);
        using Stream content = TrajectoryWriter.CompressionOf(path) switch
        {
            OutputCompression.Gzip => new GZipStream(file, CompressionMode.Decompress),
            OutputCompression.Zstd => new DecompressionStream(file),
            _ => file,
        };
        string[] lines = Head(content).Split('\n');
        return TrajectoryWriter.FormatOf(path) == TrajectoryFormats.LammpsDump ? IsDump(lines) : IsXyz(lines);
    }

    private static bool IsDump(string[] lines) =>
        Array.Find(lines, line => line.StartsWith("ITEM: ATOMS ", StringComparison.Ordinal)) is { } columns &&
        ColumnNames.FromDump(columns.TrimEnd().Split(' ')[^1]) is ColumnNames.StructureType or ColumnNames.Displacement;

    private static bool IsXyz(string[] lines) => lines.Length > 1 &&
        Array.Find(lines[1].Split(' '), word => word.StartsWith("Properties=", StringComparison.Ordinal)) is { } properties &&
        properties.Split(':') is [.., var name, _, "1"] &&
        ColumnNames.FromXyz(name, 1) is [ColumnNames.StructureType or ColumnNames.Displacement];

    private static string Head(Stream stream)
    {
        byte[] head = new byte[HeadBytes];
        try
        {
            return Encoding.UTF8.GetString(head, 0, stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false));
        }
        catch (Exception failure) when (Compression.IsDamage(failure))
        {
            return ""; // Not compressed, or cut off: not ours, whatever its name says.
        }
    }
}
