using Denoise.Devices.Arguments;
using ILGPU;

namespace Denoise.Kernels.Network;

/// <summary>Brings a chunk's predictions into the order of e3nn's irreps. One thread per number.</summary>
public static class OutputKernel
{
    /// <param name="s">scalars</param>
    /// <param name="rows">[chunk, RowLength]</param>
    /// <param name="order">[Count] place in the row of every output</param>
    /// <param name="outputs">[evaluated atoms, Count]</param>
    public static void Run(AtomArguments s, ArrayView<float> rows, ArrayView<int> order, ArrayView<float> outputs)
    {
        int thread = Grid.IdxX * Group.DimX + Group.IdxX;
        int atom = thread / s.Count, number = thread - atom * s.Count;
        if (atom < s.Atoms)
            outputs[(long)(s.First + atom) * s.Count + number] = rows[(long)atom * s.RowLength + order[number]];
    }
}
