using Denoise.Networks.Equivariance;
using Denoise.Training.Fused.Kernels;

namespace Denoise.Training.Fused;

/// <summary>Features of many atoms, a plane per block of their irreps.</summary>
internal sealed class BlockPlanes(Irreps irreps, FusedKernels kernels) : IDisposable
{
    private readonly BlockPlane[] _planes = [.. irreps.Select(block => new BlockPlane(block, kernels))];

    public Irreps Irreps { get; } = irreps;

    public int Count => _planes.Length;

    public BlockPlane this[int slot] => _planes[slot];

    public long MemoryBytes => _planes.Sum(plane => plane.MemoryBytes);

    public void Resize(int atoms)
    {
        foreach (BlockPlane plane in _planes)
            plane.Resize(atoms);
    }

    public void Clear(int first, int count)
    {
        foreach (BlockPlane plane in _planes)
            plane.Clear(first, count);
    }

    public void Dispose()
    {
        foreach (BlockPlane plane in _planes)
            plane.Dispose();
    }
}
