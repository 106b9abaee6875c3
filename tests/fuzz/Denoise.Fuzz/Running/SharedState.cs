using System.IO.MemoryMappedFiles;

namespace Denoise.Fuzz.Running;

/// <summary>
/// What a worker is doing, in a mapped file that outlives it: when it crashes or is killed, the supervisor finds its last input here.
/// </summary>
internal sealed unsafe class SharedState : IDisposable
{
    private const int HeaderBytes = 64;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _bytes;

    /// <param name="path">created where it is not there</param>
    public SharedState(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, null, HeaderBytes + Limits.InputBytes);
        _view = _file.CreateViewAccessor();
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _bytes);
    }

    /// <summary>Executions begun, seeds included.</summary>
    public ref long Executions => ref ((long*)_bytes)[0];

    /// <summary>Inputs in the worker's pool.</summary>
    public ref long PoolSize => ref ((long*)_bytes)[1];

    /// <summary>Blocks of code that it has reached, and how many there are.</summary>
    public ref long BlocksReached => ref ((long*)_bytes)[2];

    public ref long Blocks => ref ((long*)_bytes)[3];

    private ref long InputLength => ref ((long*)_bytes)[4];

    public ReadOnlySpan<byte> Input => new(_bytes + HeaderBytes, (int)InputLength);

    public void Begin(ReadOnlySpan<byte> input)
    {
        input.CopyTo(new(_bytes + HeaderBytes, Limits.InputBytes));
        InputLength = input.Length;
        Executions++;
    }

    public void Clear() => new Span<byte>(_bytes, HeaderBytes).Clear();

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
