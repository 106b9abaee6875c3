using Denoise.Parallel;

namespace Denoise.InSitu;

/// <summary>Denoises frames and identifies their structures.</summary>
public sealed class Session : IDisposable
{
    private readonly FrameResult _result = new();

    public Session(SessionOptions options, ICommunicator? communicator = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _ = communicator;
    }

    public SessionInfo Info => default;

    public FrameResult Process(FrameInput frame)
    {
        _result.Resize(frame.LocalCount);
        return _result;
    }

    public void Abstain()
    {
    }

    public void Dispose() => _result.Dispose();
}
