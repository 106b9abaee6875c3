using Denoise.Devices.Arguments;
using ILGPU;

namespace Denoise.Kernels.Neighbors;

/// <summary>
/// Second pass of the counting sort: every atom into its cell, in whatever order; <see cref="OrderKernel"/> brings order. Afterwards a
/// cell's start is where the next one's atoms begin. One thread per atom.
/// </summary>
public static class ScatterKernel
{
    /// <param name="s">the grid</param>
    /// <param name="cells">[atoms]</param>
    /// <param name="starts">[2 + cells] running sums from the second on</param>
    /// <param name="order">[atoms] receives the atoms</param>
    public static void Run(GridArguments s, ArrayView<int> cells, ArrayView<int> starts, ArrayView<int> order)
    {
        int atom = Grid.IdxX * Group.DimX + Group.IdxX;
        if (atom >= s.Atoms || cells[atom] < 0)
            return;
        order[Atomic.Add(ref starts[cells[atom] + 1], 1)] = atom;
    }
}
