using Denoise.Atoms;
using Denoise.Atoms.Files;

namespace Denoise.Trajectories.Compressed;

/// <summary>Writes a .dnz file, which has its name when it is complete; without <see cref="Complete"/> nothing of it remains.</summary>
public sealed class DnzWriter : IDisposable
{
    private readonly FrameCompressor _compressor;
    private readonly UnfinishedFile _file;
    private readonly BufferedStream _stream;
    private readonly string _path;
    private bool _completed;

    /// <exception cref="InputException">it cannot be created, or the options are impossible</exception>
    public DnzWriter(string path, DnzOptions options)
    {
        _path = path;
        _compressor = new(options);
        try
        {
            _file = new(path);
        }
        catch (Exception failure) when (WriteFailure.IsFromSystem(failure))
        {
            throw WriteFailure.Of(path, failure);
        }

        _stream = new(_file.Stream, 1 << 20);
        Guard(() => _compressor.Begin(_stream));
    }

    public string TemporaryPath => _file.TemporaryPath;

    public long Frames => _compressor.Frames;

    public long Written => _compressor.Written;

    /// <summary>See <see cref="FrameCompressor.LargestError"/>.</summary>
    public double LargestError => _compressor.LargestError;

    public void Write(Frame frame) => Guard(() => _compressor.Write(frame, _stream));

    public void Complete() => Guard(() =>
    {
        _compressor.End(_stream);
        _stream.Flush();
        _file.Complete();
        _completed = true;
    });

    public void Dispose()
    {
        _compressor.Dispose();
        if (!_completed)
            _file.Dispose();
    }

    private void Guard(Action step)
    {
        try
        {
            step();
        }
        catch (Exception failure) when (WriteFailure.IsFromSystem(failure))
        {
            throw WriteFailure.Of(_path, failure);
        }
    }
}
