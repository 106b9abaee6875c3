using Denoise.Atoms.Memory;

namespace Denoise.Networks.Tests.Simd;

/// <summary>Buffers to lend.</summary>
/// <param name="lengths">of each, in floats</param>
internal sealed class IdleBuffers(params int[] lengths) : IIdleMemory, IDisposable
{
    private readonly NativeBuffer<float>[] _buffers = [.. lengths.Select(length => new NativeBuffer<float>(length))];

    public ReadOnlySpan<MemoryBlock> Lend() => _buffers.Select(buffer => buffer.Block).ToArray();

    /// <summary>Whatever reads it without having written it computes nothing else.</summary>
    public void Spoil()
    {
        foreach (NativeBuffer<float> buffer in _buffers)
            buffer.Span.Fill(float.NaN);
    }

    public void Dispose()
    {
        foreach (NativeBuffer<float> buffer in _buffers)
            buffer.Dispose();
    }
}
