using Denoise.Networks.Engines.Fused.Kernels;
using Denoise.Networks.Equivariance;

namespace Denoise.Networks.Engines.Fused;

/// <summary>Features of many atoms, a plane per block of their irreps.</summary>
internal sealed class BlockPlanes : IDisposable
{
    private readonly BlockPlane[] _planes;

    /// <param name="irreps">of the features</param>
    /// <param name="kernels">vector width</param>
    /// <param name="isWanted">which of them anything reads; the others get no memory and must not be touched</param>
    public BlockPlanes(Irreps irreps, FusedKernels kernels, Func<Irrep, bool>? isWanted = null)
    {
        _planes = [.. irreps.Select(block => new BlockPlane(block, kernels))];
        Slots = [.. Enumerable.Range(0, irreps.Count).Where(slot => isWanted is null || isWanted(irreps[slot].Irrep))];
    }

    /// <summary>The blocks that are there.</summary>
    public int[] Slots { get; }

    public BlockPlane this[int slot] => _planes[slot];

    public int BytesPerAtom => Slots.Sum(slot => sizeof(float) * (int)_planes[slot].Stride);

    public long MemoryBytes => _planes.Sum(plane => plane.MemoryBytes);

    public void Resize(int atoms)
    {
        foreach (int slot in Slots)
            _planes[slot].Resize(atoms);
    }

    public void Clear(int first, int count)
    {
        foreach (int slot in Slots)
            _planes[slot].Clear(first, count);
    }

    public void Dispose()
    {
        foreach (BlockPlane plane in _planes)
            plane.Dispose();
    }
}
