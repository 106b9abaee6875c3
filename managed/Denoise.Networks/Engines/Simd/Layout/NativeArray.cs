using Denoise.Atoms.Memory;

namespace Denoise.Networks.Engines.Simd.Layout;

/// <summary>Weights, tables and plans that are written once at load: native, aligned to a cache line, zero at first.</summary>
internal sealed unsafe class NativeArray<T> : IDisposable
    where T : unmanaged
{
    private readonly NativeBuffer<T> _buffer;

    public NativeArray(long length)
    {
        _buffer = new(length);
        _buffer.Clear();
    }

    public NativeArray(T[] values)
    {
        _buffer = new(values.Length);
        values.CopyTo(_buffer.Span);
    }

    public T* Pointer => _buffer.Pointer;

    public Span<T> Span => _buffer.Span;

    public long Length => _buffer.Length;

    public void Dispose() => _buffer.Dispose();
}
