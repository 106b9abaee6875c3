using Denoise.Atoms.Memory;
using Denoise.Networks.Engines.Simd.Kernels;

namespace Denoise.Networks.Engines.Simd;

/// <summary>What one thread needs for one atom: a few ten kilobytes that stay in its caches.</summary>
internal sealed unsafe class WorkerScratch : IDisposable
{
    private readonly NativeBuffer<float> _weights = new();
    private readonly NativeBuffer<float> _sums = new();
    private readonly NativeBuffer<float> _preGate = new();
    private readonly NativeBuffer<float> _activations = new();
    private readonly NativeBuffer<float> _output = new();
    private readonly NativeBuffer<nint> _rows = new(EdgeBatch.Capacity + 4);

    /// <param name="weights">largest number of radial weights of an edge</param>
    /// <param name="sums">longest aggregate</param>
    /// <param name="preGate">longest pre-gate row</param>
    /// <param name="activations">most scalars of a gate</param>
    /// <param name="output">longest row of a layer's output</param>
    public WorkerScratch(int weights, int sums, int preGate, int activations, int output)
    {
        const int Slack = 16;
        _weights.Resize((EdgeBatch.Capacity + 4) * (long)weights);
        _sums.Resize(sums + Slack);
        _preGate.Resize(preGate + Slack);
        _activations.Resize(activations + Slack);
        _output.Resize(output + Slack);
        foreach (NativeBuffer<float> buffer in (ReadOnlySpan<NativeBuffer<float>>)[_weights, _sums, _preGate, _activations, _output])
            buffer.Clear();
    }

    public EdgeGeometry Geometry { get; } = new();

    /// <summary>[edge of the batch, weight]</summary>
    public float* Weights => _weights.Pointer;

    /// <summary>Sums over the atom's edges.</summary>
    public float* Sums => _sums.Pointer;

    public float* PreGate => _preGate.Pointer;

    public float* Activations => _activations.Pointer;

    /// <summary>A row of features that is not kept.</summary>
    public float* Output => _output.Pointer;

    /// <summary>[edge of the batch] features of the neighbors.</summary>
    public float** Rows => (float**)_rows.Pointer;

    public long MemoryBytes => Geometry.MemoryBytes + _weights.CapacityBytes + _sums.CapacityBytes + _preGate.CapacityBytes +
        _activations.CapacityBytes + _output.CapacityBytes + _rows.CapacityBytes;

    public void Dispose()
    {
        Geometry.Dispose();
        _weights.Dispose();
        _sums.Dispose();
        _preGate.Dispose();
        _activations.Dispose();
        _output.Dispose();
        _rows.Dispose();
    }
}
