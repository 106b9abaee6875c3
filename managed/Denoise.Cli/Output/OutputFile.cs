using System.Runtime.InteropServices;
using Denoise.Atoms;
using Denoise.Trajectories;

namespace Denoise.Cli.Output;

/// <summary>
/// The file of results, which appears when it is complete and not at all otherwise: also when the user or a batch system ends
/// the program, what was written so far is removed.
/// </summary>
internal sealed class OutputFile : IDisposable
{
    private readonly TrajectoryWriter _writer;
    private readonly PosixSignalRegistration[] _signals;

    public OutputFile(string path)
    {
        _writer = TrajectoryWriter.Create(path);
        // The signal then has its usual effect, so the shell sees why the program ended.
        _signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }
            .Select(signal => PosixSignalRegistration.Create(signal, _ => File.Delete(_writer.TemporaryPath)))];
    }

    public void Write(Frame frame) => _writer.Write(frame);

    public void Complete() => _writer.Complete();

    public void Dispose()
    {
        _writer.Dispose();
        foreach (PosixSignalRegistration signal in _signals)
            signal.Dispose();
    }
}
