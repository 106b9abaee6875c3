using Denoise.Atoms;
using Denoise.Atoms.Files;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories;

/// <summary>
/// Writes frames to a file, in the format of the extension of its name, compressed where that ends in .gz or .zst. The file has its name
/// when it is complete. Without <see cref="Complete"/> nothing of it remains, or, where it is resumable, the frames so
/// far under a name of their own.
/// </summary>
public sealed class TrajectoryWriter : IDisposable
{
    private const string Known =
        "known are .dump, .lammpstrj, .xyz, .extxyz and .xtc, each also followed by .gz or .zst, and .dcd and .nc";

    private const long LargestWrite = 1 << 26;

    private readonly IUnfinished _file;
    private readonly FrameEncoder _encoder;
    private readonly CountingStream _stream;
    private FramePiece _written;
    private bool _completed;
    private bool _disposed;

    private TrajectoryWriter(string path, IUnfinished file, TrajectoryMark begin)
    {
        (Path, _file, _written, FramesWritten) = (path, file, begin.Written, begin.Frames);
        _encoder = new(path);
        _stream = new(file.Stream, begin.Bytes);
        if (begin.Bytes == 0)
            Guard(() => _stream.Write(_encoder.Begin));
    }

    public string Path { get; }

    /// <summary>What may have to be removed if the process ends before it can dispose this; null: what remains is of use.</summary>
    public string? TemporaryPath => (_file as UnfinishedFile)?.TemporaryPath;

    public long FramesWritten { get; private set; }

    /// <summary>Where the file is, between two frames.</summary>
    public TrajectoryMark Mark => new(FramesWritten, _stream.Count, _written);

    /// <summary>The format that a file name asks for; a pipe or a device has none, and gets a dump.</summary>
    /// <exception cref="InputException">no known extension</exception>
    public static TrajectoryFormat FormatOf(string path)
    {
        string name = Compression.NameWithout(path);
        string extension = System.IO.Path.GetExtension(name).ToLowerInvariant();
        if (TrajectoryFormats.All.FirstOrDefault(format => format.CanWrite && format.Extensions.Contains(extension)) is { } named)
        {
            if (named.CreateFormatter().HeadBytes > 0 && (CompressionOf(path) != OutputCompression.None || IsStream(path)))
                throw new InputException(
                    $"{path}: the head of a {named.Name} file is written last, so it is neither compressed nor piped; {Known}");
            return named;
        }

        if (TrajectoryFormats.Compressed.Extensions.Contains(extension))
            throw new InputException(
                $"{path}: .dnz files are written by 'denoise compress', from what is written here as another; {Known}");
        return IsStream(path) ? TrajectoryFormats.LammpsDump : throw new InputException(extension.Length == 0
            ? $"{path}: the output needs an extension that says its format; {Known}"
            : $"{path}: '{extension}' is no output format; {Known}");
    }

    /// <summary>Starts a file; an existing one is replaced only when the new one is complete.</summary>
    /// <exception cref="InputException">no known extension, or the folder cannot be written to</exception>
    public static TrajectoryWriter Create(string path)
    {
        _ = FormatOf(path);
        return Opened(path, () => new UnfinishedFile(path), default);
    }

    /// <summary>Starts a file, or goes on with one, of which an interruption leaves the frames that were written.</summary>
    /// <param name="path">the name that it has in the end</param>
    /// <param name="mark">where to go on: what is behind is cut off</param>
    /// <exception cref="InputException">no known extension, or the folder cannot be written to</exception>
    public static TrajectoryWriter CreateResumable(string path, TrajectoryMark mark)
    {
        _ = FormatOf(path);
        return Opened(path, () => new PartFile(path, mark.Bytes), mark);
    }

    /// <summary>Appends a frame.</summary>
    public void Write(Frame frame)
    {
        ThrowIfEnded();
        FramePiece piece = default;
        Guard(() => piece = _encoder.Encode(frame, _stream));
        Add(piece);
    }

    /// <summary>Appends a frame that was encoded elsewhere, for a file of this name.</summary>
    /// <param name="encoded">[bytes]</param>
    public unsafe void Append(byte* encoded, long bytes, FramePiece piece)
    {
        ThrowIfEnded();
        try
        {
            for (long done = 0; done < bytes; done += LargestWrite)
                _stream.Write(new ReadOnlySpan<byte>(encoded + done, (int)Math.Min(LargestWrite, bytes - done)));
        }
        catch (Exception e) when (WriteFailure.IsFromSystem(e))
        {
            throw WriteFailure.Of(Path, e);
        }

        Add(piece);
    }

    /// <summary>Ends the file and gives it its name.</summary>
    public void Complete()
    {
        ThrowIfEnded();
        Guard(() =>
        {
            _stream.Write(_encoder.End(_written));
            if (_encoder.HasHead)
                _file.Overwrite(_encoder.Head(_written, FramesWritten));
            _file.Complete();
            _completed = true;
        });
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        if (!_completed)
            _file.Dispose();
    }

    internal static OutputCompression CompressionOf(string path) =>
        path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? OutputCompression.Gzip
        : path.EndsWith(".zst", StringComparison.OrdinalIgnoreCase) ? OutputCompression.Zstd
        : OutputCompression.None;

    private static TrajectoryWriter Opened(string path, Func<IUnfinished> open, TrajectoryMark mark)
    {
        IUnfinished file;
        try
        {
            file = open();
        }
        catch (Exception e) when (WriteFailure.IsFromSystem(e))
        {
            throw WriteFailure.Of(path, e);
        }

        try
        {
            return new(path, file, mark);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private void Add(FramePiece piece)
    {
        if (FramesWritten > 0 && _encoder.HasHead && piece.Atoms != _written.Atoms)
            throw new InputException($"{Path}: frame {FramesWritten + 1} has {piece.Atoms} atoms and the first {_written.Atoms}, but a file " +
                $"of this format has one number of atoms; choose another, {Known}");
        _written = FramesWritten == 0 ? piece : _written.Followed(piece);
        FramesWritten++;
    }

    private void Guard(Action step)
    {
        try
        {
            step();
        }
        catch (Exception e) when (WriteFailure.IsFromSystem(e))
        {
            throw WriteFailure.Of(Path, e);
        }
    }

    private void ThrowIfEnded()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_completed)
            throw new InvalidOperationException($"{Path} is complete; nothing can be added");
    }

    private static bool IsStream(string path)
    {
        try
        {
            return OutputName.IsStream(path);
        }
        catch (IOException error)
        {
            throw WriteFailure.Of(path, error);
        }
    }
}
