using Denoise.Devices.Arguments;
using ILGPU;

namespace Denoise.Kernels.Network;

/// <summary>alpha of a layer: one number per atom from the even scalars of its sums. One thread per atom.</summary>
public static class FactorKernel
{
    /// <param name="s">scalars</param>
    /// <param name="sums">[chunk, RowLength]</param>
    /// <param name="weights">[species, Count]</param>
    /// <param name="species">[atoms]</param>
    /// <param name="active">atoms that are evaluated, see <see cref="ActiveAtom"/></param>
    /// <param name="factors">[chunk] receives alpha</param>
    public static void Run(AtomArguments s, ArrayView<float> sums, ArrayView<float> weights, ArrayView<int> species, ArrayView<int> active,
        ArrayView<float> factors)
    {
        int atom = Grid.IdxX * Group.DimX + Group.IdxX;
        if (atom >= s.Atoms)
            return;
        long row = (long)atom * s.RowLength + s.Input;
        int weight = species[ActiveAtom.At(active, s.First + atom)] * s.WeightsPerSpecies;
        float sum = 0;
        for (int u = 0; u < s.Count; u++)
            sum += sums[row + u] * weights[weight + u];
        factors[atom] = sum;
    }
}
