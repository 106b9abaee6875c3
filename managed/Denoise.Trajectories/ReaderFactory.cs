using Denoise.Atoms;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories;

/// <summary>Opens a file, finds out whether it is compressed and in which format it is, and makes the reader for it.</summary>
internal static class ReaderFactory
{
    public static TrajectoryReader Open(string path)
    {
        if (path.Length == 0)
            throw new InputException("the name of an input file is empty; give one");
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
        LineScanner? scanner = null;
        try
        {
            Stream content = Compression.Decompressed(source, path);
            scanner = new(content, path, capacity);
            scanner.SkipByteOrderMark();
            TrajectoryFormat format = TrajectoryFormats.Of(new FileHead(scanner.Head(FileHead.Length), path));
            TrajectoryReader reader = format.CreateReader(scanner);
            reader.Source = source;
            reader.IsCompressed = content is not PrefixedStream;
            return reader;
        }
        catch
        {
            scanner?.Dispose();
            source.Dispose();
            throw;
        }
    }
}
