using Denoise.Atoms;
using Denoise.Atoms.Files;
using Denoise.Parallel;

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
        try
        {
            _file = new(path);
        }
        catch (Exception failure) when (WriteFailure.IsFromSystem(failure))
        {
            throw WriteFailure.Of(path, failure);
        }

        _stream = new(_file.Stream, 1 << 20);
        try
        {
            _compressor = new(options, SerialCommunicator.Instance, new StreamTarget(_stream));
            Guard(_compressor.Begin);
        }
        catch (Exception)
        {
            Dispose();
            throw;
        }
    }

    public string TemporaryPath => _file.TemporaryPath;

    public long Frames => _compressor.Frames;

    public long Written => _compressor.Written;

    /// <summary>See <see cref="FrameCompressor.LargestError"/>.</summary>
    public double LargestError => _compressor.LargestError;

    public void Write(Frame frame) => Guard(() => _compressor.Write(frame));

    public void Complete() => Guard(() =>
    {
        _compressor.End();
        _stream.Flush();
        _file.Complete();
        _completed = true;
    });

    public void Dispose()
    {
        _compressor?.Dispose();
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
