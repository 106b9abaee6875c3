using Denoise.Parallel;
using Microsoft.Win32.SafeHandles;

namespace Denoise.Trajectories.Compressed;

/// <summary>
/// One file into which all processes write, each its own bytes, frame by frame. It has its name from the beginning: whatever ends a
/// simulation, the frames that are complete stay. The file system must be one that all processes see.
/// </summary>
internal sealed class SharedTarget : IRecordTarget, IDisposable
{
    private readonly ICommunicator _communicator;
    private readonly Action<Exception?> _agree;
    private readonly ByteSink _waiting = new();
    private readonly SafeFileHandle _file = new();
    private long _end;

    /// <summary>Replaces any file of this name. Collective.</summary>
    /// <exception cref="IOException">it cannot be created, or not be opened on each process</exception>
    public SharedTarget(string path, ICommunicator communicator, Action<Exception?> agree)
    {
        (_communicator, _agree) = (communicator, agree);
        Exception? failure = null;
        try
        {
            if (communicator.Rank == 0)
                _file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
        }
        catch (Exception e)
        {
            failure = e;
        }

        agree(failure);
        try
        {
            if (communicator.Rank != 0)
                _file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        }
        catch (Exception e)
        {
            failure = new IOException($"rank {communicator.Rank} does not see what rank 0 has created ({e.Message}): the folder must be " +
                "on a file system that all nodes share", e);
        }

        try
        {
            agree(failure);
        }
        catch (Exception)
        {
            Dispose();
            throw;
        }
    }

    public void Add(ReadOnlySpan<byte> bytes) => _waiting.Bytes(bytes);

    public long Flush()
    {
        long[] lengths = new long[_communicator.Size];
        lengths[_communicator.Rank] = _waiting.Length;
        _communicator.AllReduceSum(lengths);
        long begin = _end;
        for (int rank = 0; rank < _communicator.Rank; rank++)
            begin += lengths[rank];
        Exception? failure = null;
        try
        {
            RandomAccess.Write(_file, _waiting.Written, begin);
        }
        catch (ArgumentOutOfRangeException e)
        {
            // What .NET makes of EFBIG.
            failure = new IOException("File too large", e);
        }
        catch (Exception e)
        {
            failure = e;
        }

        _waiting.Clear();
        _agree(failure);
        long all = lengths.Sum();
        _end += all;
        return all;
    }

    /// <summary>Takes away what a frame that failed has left behind the last complete one.</summary>
    public void Cut()
    {
        _waiting.Clear();
        if (_communicator.Rank == 0)
            RandomAccess.SetLength(_file, _end);
    }

    /// <summary>What was written is on disk when this returns.</summary>
    public void Sync() => RandomAccess.FlushToDisk(_file);

    public void Dispose() => _file.Dispose();
}
