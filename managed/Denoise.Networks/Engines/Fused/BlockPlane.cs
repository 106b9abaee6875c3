using Denoise.Atoms.Memory;
using Denoise.Networks.Engines.Fused.Kernels;
using Denoise.Networks.Equivariance;

namespace Denoise.Networks.Engines.Fused;

/// <summary>One block of irreps of many atoms: [atoms, components, Channels], channels padded to whole vectors with zeros.</summary>
internal sealed unsafe class BlockPlane(IrrepBlock block, FusedKernels kernels) : IDisposable
{
    private readonly NativeBuffer<float> _values = new();

    public IrrepBlock Block { get; } = block;

    public int Multiplicity => Block.Multiplicity;

    public int Components { get; } = block.Irrep.Dimension;

    /// <summary>Floats between components.</summary>
    public int Channels { get; } = kernels.Pad(block.Multiplicity);

    /// <summary>Floats between atoms.</summary>
    public nint Stride => (nint)Channels * Components;

    public long MemoryBytes => _values.CapacityBytes;

    public float* Row(nint atom) => _values.Pointer + atom * Stride;

    public void Resize(int atoms)
    {
        // The last vector of a row may be read from any of its channels on.
        long length = atoms * (long)Stride + 16;
        bool isLarger = length * sizeof(float) > _values.CapacityBytes;
        _values.Resize(length);
        if (isLarger)
            _values.Clear();
    }

    public void Clear(int first, int count) => new Span<float>(Row(first), checked((int)(count * Stride))).Clear();

    public void Dispose() => _values.Dispose();
}
