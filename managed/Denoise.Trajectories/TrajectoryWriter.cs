using System.IO.Compression;
using Denoise.Atoms;
using Denoise.Atoms.Files;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories;

/// <summary>
/// Writes frames to a LAMMPS dump or an extended XYZ file, by the extension of its name, compressed where that ends in .gz. The
/// file appears only when it is complete; without <see cref="Complete"/> nothing of it remains.
/// </summary>
public abstract class TrajectoryWriter : IDisposable
{
    private const string Known = "known are .dump, .lammpstrj, .xyz and .extxyz, each also followed by .gz";

    private readonly UnfinishedFile _file;
    private bool _completed;
    private bool _disposed;

    private protected TrajectoryWriter(TextOutput output, string path, UnfinishedFile file)
    {
        Output = output;
        Path = path;
        _file = file;
    }

    public string Path { get; }

    /// <summary>What may have to be removed if the process ends before it can dispose this.</summary>
    public string TemporaryPath => _file.TemporaryPath;

    public abstract TrajectoryFormat Format { get; }

    public long FramesWritten { get; private set; }

    private protected TextOutput Output { get; }

    /// <summary>The format that a file name asks for; a pipe or a device has none, and gets a dump.</summary>
    /// <exception cref="InputException">no known extension</exception>
    public static TrajectoryFormat FormatOf(string path)
    {
        string name = IsCompressed(path) ? path[..^3] : path;
        string extension = System.IO.Path.GetExtension(name).ToLowerInvariant();
        if (TrajectoryFormats.All.FirstOrDefault(format => format.CanWrite && format.Extensions.Contains(extension)) is { } named)
            return named;
        return IsStream(path) ? TrajectoryFormats.LammpsDump : throw new InputException(extension.Length == 0
            ? $"{path}: the output needs an extension that says its format; {Known}"
            : $"{path}: '{extension}' is no output format; {Known}");
    }

    /// <summary>Starts a file; an existing one is replaced only when the new one is complete.</summary>
    /// <exception cref="InputException">no known extension, or the folder cannot be written to</exception>
    public static TrajectoryWriter Create(string path)
    {
        TrajectoryFormat format = FormatOf(path);
        UnfinishedFile file;
        try
        {
            file = new(path);
        }
        catch (Exception e) when (WriteFailure.IsFromSystem(e))
        {
            throw WriteFailure.Of(path, e);
        }

        // The fastest level: at the next ones the compressor is the bottleneck of the whole program, for a tenth of the size.
        TextOutput output = new(IsCompressed(path) ? new GZipStream(file.Stream, CompressionLevel.Fastest, leaveOpen: true) : file.Stream);
        return format.CreateWriter(output, path, file);
    }

    /// <summary>Appends a frame.</summary>
    public void Write(Frame frame)
    {
        ThrowIfEnded();
        try
        {
            WriteFrame(frame);
            FramesWritten++;
        }
        catch (Exception e) when (WriteFailure.IsFromSystem(e))
        {
            throw WriteFailure.Of(Path, e);
        }
    }

    /// <summary>Ends the file and gives it its name.</summary>
    public void Complete()
    {
        ThrowIfEnded();
        try
        {
            Output.Flush();
            // The compressor has a last word; a plain file must stay open until it has its name.
            if (IsCompressed(Path))
                Output.Dispose();
            _file.Complete();
            _completed = true;
        }
        catch (Exception e) when (WriteFailure.IsFromSystem(e))
        {
            throw WriteFailure.Of(Path, e);
        }
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        GC.SuppressFinalize(this);
        if (_completed)
            return;

        try
        {
            Output.Dispose();
        }
        catch (IOException)
        {
            // The disk is full, say, which was reported when it happened; what counts now is that the remains go.
        }

        _file.Dispose();
    }

    private protected abstract void WriteFrame(Frame frame);

    private void ThrowIfEnded()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_completed)
            throw new InvalidOperationException($"{Path} is complete; nothing can be added");
    }

    internal static bool IsCompressed(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

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
