namespace Denoise.InSitu.Native;

/// <summary>What a handle stands for while a call uses it: no other call may, and it stays.</summary>
internal readonly ref struct HandleUse<T>(ulong handle) : IDisposable
    where T : class, IHandled
{
    private readonly ulong _handle = handle;

    public T Owner { get; } = HandleTable.Enter<T>(handle);

    public void Dispose() => HandleTable.Leave(_handle);
}
