namespace Denoise.InSitu.Native;

/// <summary>A session while a call uses it: no other call may, and it stays.</summary>
internal readonly ref struct SessionUse(ulong handle) : IDisposable
{
    private readonly ulong _handle = handle;

    public HostedSession Session { get; } = SessionTable.Enter(handle);

    public void Dispose() => SessionTable.Leave(_handle);
}
