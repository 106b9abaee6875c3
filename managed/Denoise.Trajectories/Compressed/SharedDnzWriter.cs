using Denoise.Atoms;
using Denoise.Atoms.Files;
using Denoise.Parallel;

namespace Denoise.Trajectories.Compressed;

/// <summary>
/// Writes the .dnz file of a simulation while it runs: all processes into one file, which has its name from the beginning, so that the
/// frames before whatever ends the run stay. All methods are collective; what fails on one process fails on all.
/// </summary>
public sealed class SharedDnzWriter : IDisposable
{
    private readonly Action<Exception?> _agree;
    private readonly FrameCompressor _compressor;
    private readonly SharedTarget _target;

    /// <param name="path">replaced where it exists</param>
    /// <param name="options">equal on all processes</param>
    /// <param name="communicator">the processes</param>
    /// <param name="agree">
    /// throws on all processes where it is given the failure of any: on a failing one that failure, or what it becomes
    /// </param>
    /// <exception cref="InputException">it cannot be created, or the options are impossible</exception>
    public SharedDnzWriter(string path, DnzOptions options, IExchange communicator, Action<Exception?> agree)
    {
        _agree = failure => agree(failure is not null && WriteFailure.IsFromSystem(failure) ? WriteFailure.Of(path, failure) : failure);
        _target = new(path, communicator, _agree);
        try
        {
            _compressor = new(options, communicator, _target, _agree);
            _compressor.Begin();
        }
        catch (Exception)
        {
            Dispose();
            throw;
        }
    }

    public long Frames => _compressor.Frames;

    /// <summary>Bytes so far, of all processes.</summary>
    public long Written => _compressor.Written;

    /// <param name="frame">the atoms of this process; all but the atoms is equal on all processes</param>
    public void Write(Frame frame) => _compressor.Write(frame);

    /// <summary>Writes the index behind the frames that are complete.</summary>
    public void Complete()
    {
        Exception? failure = null;
        try
        {
            _target.Cut();
        }
        catch (Exception e)
        {
            failure = e;
        }

        _agree(failure);
        _compressor.End();
        try
        {
            _target.Sync();
        }
        catch (Exception e)
        {
            failure = e;
        }

        _agree(failure);
    }

    public void Dispose()
    {
        _compressor?.Dispose();
        _target.Dispose();
    }
}
