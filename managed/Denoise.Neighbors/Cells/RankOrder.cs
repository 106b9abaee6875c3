using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Denoise.Neighbors.Cells;

/// <summary>
/// Sorts a few numbers by counting, for each, how many are smaller: no branch depends on the numbers, and eight are counted at a
/// time. The keys are the bits of non-negative single-precision numbers, whose order as integers is that of the numbers; their
/// lowest five bits give way to the position, so that all keys differ: numbers closer than 4e-6, relatively, keep their order.
/// </summary>
internal static unsafe class RankOrder
{
    /// <summary>Most numbers that can be sorted.</summary>
    public const int Most = 32;

    /// <summary>Writes the values in the order of their keys.</summary>
    /// <param name="keys">[count, writable to a multiple of 16] overwritten</param>
    /// <param name="values">[count]</param>
    /// <param name="count">at most 32</param>
    /// <param name="sorted">[count] receives the values</param>
    public static void Sort(int* keys, int* values, int count, int* sorted)
    {
        MakeDistinct(keys, count);
        if (count <= 16)
            Rank16(keys, count);
        else
            Rank32(keys, count);
        for (int k = 0; k < count; k++)
            sorted[keys[k]] = values[k];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MakeDistinct(int* keys, int count)
    {
        Vector256<int> position = Vector256<int>.Indices, clear = Vector256.Create(~(Most - 1));
        for (int k = 0; k < count; k += 8, position += Vector256.Create(8))
            ((Vector256.Load(keys + k) & clear) | position).Store(keys + k);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rank16(int* keys, int count)
    {
        Vector256<int> key0 = Vector256.Load(keys), key1 = Vector256.Load(keys + 8);
        Vector256<int> rank0 = Vector256<int>.Zero, rank1 = Vector256<int>.Zero;
        for (int j = 0; j < count; j++)
        {
            Vector256<int> other = Vector256.Create(keys[j]);
            rank0 -= Vector256.GreaterThan(key0, other);
            rank1 -= Vector256.GreaterThan(key1, other);
        }

        rank0.Store(keys);
        rank1.Store(keys + 8);
    }

    private static void Rank32(int* keys, int count)
    {
        Vector256<int> key0 = Vector256.Load(keys), key1 = Vector256.Load(keys + 8);
        Vector256<int> key2 = Vector256.Load(keys + 16), key3 = Vector256.Load(keys + 24);
        Vector256<int> rank0 = Vector256<int>.Zero, rank1 = Vector256<int>.Zero;
        Vector256<int> rank2 = Vector256<int>.Zero, rank3 = Vector256<int>.Zero;
        for (int j = 0; j < count; j++)
        {
            Vector256<int> other = Vector256.Create(keys[j]);
            rank0 -= Vector256.GreaterThan(key0, other);
            rank1 -= Vector256.GreaterThan(key1, other);
            rank2 -= Vector256.GreaterThan(key2, other);
            rank3 -= Vector256.GreaterThan(key3, other);
        }

        rank0.Store(keys);
        rank1.Store(keys + 8);
        rank2.Store(keys + 16);
        rank3.Store(keys + 24);
    }
}
