using System.Runtime.InteropServices;
using Denoise.Trajectories;

namespace Denoise.Cli.Output;

/// <summary>
/// The file of results, which appears when it is complete and not at all otherwise: also when the user or a batch system ends
/// the program, what was written so far is removed; unless the run can be resumed, then it stays under a name of its own.
/// </summary>
internal sealed class OutputFile : IFrameSink
{
    private readonly Lock _lock = new();
    private readonly TrajectoryWriter? _writer;
    private readonly PosixSignalRegistration[] _signals;
    private bool _ending;

    /// <param name="path">the name in the end</param>
    /// <param name="resumesAt">where to go on with what an interrupted run has left; null: the file is not resumable</param>
    public OutputFile(string path, TrajectoryMark? resumesAt)
    {
        _signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }
            .Select(signal => PosixSignalRegistration.Create(signal, _ => Remove()))];
        lock (_lock)
            _writer = Create(path, resumesAt);
    }

    /// <summary>Where it is between two frames.</summary>
    public TrajectoryMark Mark => _writer!.Mark;

    public void Write(FinishedFrame frame) => frame.WriteTo(_writer!);

    public void Complete()
    {
        lock (_lock)
        {
            WaitIfEnding();
            _writer!.Complete();
        }
    }

    public void Dispose()
    {
        _writer!.Dispose();
        foreach (PosixSignalRegistration signal in _signals)
            signal.Dispose();
    }

    private TrajectoryWriter Create(string path, TrajectoryMark? resumesAt)
    {
        WaitIfEnding();
        try
        {
            return resumesAt is { } mark ? TrajectoryWriter.CreateResumable(path, mark) : TrajectoryWriter.Create(path);
        }
        catch
        {
            foreach (PosixSignalRegistration signal in _signals)
                signal.Dispose();
            throw;
        }
    }

    /// <summary>Runs on a thread of its own. The signal then has its usual effect, so the shell sees why the program ended.</summary>
    private void Remove()
    {
        lock (_lock)
        {
            _ending = true;
            if (_writer?.TemporaryPath is { } path)
                File.Delete(path);
        }
    }

    /// <summary>Between the removal and the end of the process no file may come into being.</summary>
    private void WaitIfEnding()
    {
        if (_ending)
            Thread.Sleep(Timeout.Infinite);
    }
}
