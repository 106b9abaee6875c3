using System.IO.Compression;
using Denoise.Atoms;
using Denoise.Trajectories.Cif;
using Denoise.Trajectories.Lammps;
using Denoise.Trajectories.Text;
using Denoise.Trajectories.Vasp;
using Denoise.Trajectories.Xyz;

namespace Denoise.Trajectories;

/// <summary>Opens a file, finds out whether it is compressed and in which format it is, and makes the reader for it.</summary>
internal static class ReaderFactory
{
    private const int HeadBytes = 64 * 1024;

    public static TrajectoryReader Open(string path)
    {
        try
        {
            // The scanner has the one large buffer that is needed.
            return Open(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0, FileOptions.SequentialScan), path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"{path}: no such file; check the name and the folder", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new InputException(
                Directory.Exists(path) ? $"{path}: is a folder; name a file in it" : $"{path}: may not be read; check its permissions", e);
        }
        catch (IOException e)
        {
            throw new InputException($"{path}: cannot be opened: {e.Message}", e);
        }
    }

    public static TrajectoryReader Open(Stream source, string path, int capacity = 256 * 1024)
    {
        LineScanner scanner = new(Decompressed(source), path, capacity);
        try
        {
            TrajectoryReader reader = Create(scanner);
            reader.Source = source;
            return reader;
        }
        catch
        {
            scanner.Dispose();
            throw;
        }
    }

    private static TrajectoryReader Create(LineScanner scanner)
    {
        ReadOnlySpan<byte> head = scanner.Head(HeadBytes);
        return FormatDetector.Detect(head, scanner.Path) switch
        {
            TrajectoryFormat.LammpsDump => new LammpsDumpReader(scanner),
            TrajectoryFormat.ExtendedXyz => new ExtendedXyzReader(scanner),
            TrajectoryFormat.LammpsData => new LammpsDataReader(scanner),
            TrajectoryFormat.Poscar => new PoscarReader(scanner),
            _ => new CifReader(scanner),
        };
    }

    /// <summary>Looks at the first two bytes, not at the name: downloads lose their extension.</summary>
    private static Stream Decompressed(Stream source)
    {
        Span<byte> magic = stackalloc byte[2];
        PrefixedStream peeked = new(source, source.ReadAtLeast(magic, 2, throwOnEndOfStream: false), magic);
        return magic is [0x1f, 0x8b] ? new GZipStream(peeked, CompressionMode.Decompress) : peeked;
    }
}
