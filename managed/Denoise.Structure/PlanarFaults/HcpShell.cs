using System.Numerics;
using System.Runtime.CompilerServices;
using Denoise.Atoms;
using Denoise.Neighbors;

namespace Denoise.Structure.PlanarFaults;

/// <summary>
/// The neighbors of an hcp atom, sorted by the layers: six in its own, three above, three below. By their bonds alone: those of the
/// layer have signature (422), the others (421), and above and below are not bonded to each other.
/// </summary>
internal static unsafe class HcpShell
{
    public const int Count = CommonNeighborSignature.ClosePacked;

    /// <summary>Neighbors of the layer, which come first.</summary>
    public const int Basal = 6;

    /// <summary>Neighbors above, which come next.</summary>
    public const int Above = 3;

    /// <summary>Sorts the neighbors.</summary>
    /// <param name="nearest">of an hcp atom</param>
    /// <param name="indices">[12] receives which atoms they are</param>
    /// <param name="normal">of the layer, a unit vector</param>
    /// <returns>false where the bonds are not those of layers</returns>
    [SkipLocalsInit]
    public static bool TrySort(in NearestNeighbors nearest, int* indices, out Vec3 normal)
    {
        double* distances = stackalloc double[BondMatrix.Capacity];
        float* narrow = stackalloc float[3 * BondMatrix.Capacity];
        ushort* bonds = stackalloc ushort[BondMatrix.Capacity];
        normal = default;
        AdaptiveCutoff.Distances(nearest.Squares, distances);
        BondMatrix.Narrow(nearest.X, nearest.Y, nearest.Z, narrow);
        double cutoff = AdaptiveCutoff.ClosePacked(distances);
        if (!BondMatrix.Fill(narrow, nearest.X, nearest.Y, nearest.Z, Count, nearest.Squares[Count - 1], cutoff * cutoff,
            CommonNeighborSignature.BondsOfTwelve, bonds))
            return false;
        uint basal = 0;
        for (int a = 0; a < Count; a++)
            if (IsOfLayer(bonds, bonds[a]))
                basal |= 1u << a;
        uint others = ~basal & ((1u << Count) - 1), one = others & (0 - others);
        uint above = one | (bonds[BitOperations.TrailingZeroCount(others)] & others), below = others & ~above;
        if (BitOperations.PopCount(basal) != Basal || BitOperations.PopCount(above) != Above)
            return false;

        Vec3 up = Put(nearest, above, indices + Basal), down = Put(nearest, below, indices + Basal + Above);
        Put(nearest, basal, indices);
        Vec3 across = up - down;
        normal = across * (1 / across.Length);
        return true;
    }

    /// <summary>Whether the two bonds among four common neighbors meet.</summary>
    private static bool IsOfLayer(ushort* bonds, uint common)
    {
        for (uint left = common; left != 0; left &= left - 1)
            if (BitOperations.PopCount(bonds[BitOperations.TrailingZeroCount(left)] & common) > 1)
                return true;
        return false;
    }

    /// <summary>Stores a set of neighbors and returns the sum of their vectors.</summary>
    private static Vec3 Put(in NearestNeighbors nearest, uint set, int* indices)
    {
        Vec3 sum = default;
        for (; set != 0; set &= set - 1)
        {
            int k = BitOperations.TrailingZeroCount(set);
            *indices++ = nearest.Index(k);
            sum += new Vec3(nearest.X[k], nearest.Y[k], nearest.Z[k]);
        }

        return sum;
    }
}
