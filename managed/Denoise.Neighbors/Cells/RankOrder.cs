using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Denoise.Neighbors.Cells;

/// <summary>
/// Sorts a few numbers by counting, for each, how many are smaller: no branch depends on the numbers, and many are counted at a
/// time. The keys are the bits of non-negative single-precision numbers, whose order as integers is that of the numbers; their
/// lowest bits give way to the number's label, so that all keys differ: numbers closer than 6e-5, relatively, keep the order of
/// their labels.
/// </summary>
internal static unsafe class RankOrder
{
    /// <summary>Most numbers that can be sorted.</summary>
    public const int Most = 32;

    /// <summary>Labels are below this.</summary>
    public const int Labels = 512;

    /// <summary>The bits of a key that hold its label.</summary>
    public const int LabelMask = Labels - 1;

    /// <summary>Writes what the labels stand for in the order of the keys.</summary>
    /// <param name="keys">[count, writable to 64] different from each other</param>
    /// <param name="count">at most 32</param>
    /// <param name="values">[labels]</param>
    /// <param name="sorted">[count, writable to 1 more] receives the values</param>
    public static void Sort(int* keys, int count, int* values, int* sorted)
    {
        // The padding is larger than any number, and so ends up behind them.
        Vector256<int> last = Vector256.Create(int.MaxValue & ~LabelMask);
        for (int pad = count; pad < Most; pad += 8)
            last.Store(keys + pad);
        int* ranks = keys + Most;
        if (count <= 24)
            Rank24(keys, count, ranks);
        else
            Rank32(keys, count, ranks);
        for (int k = 0; k < count; k += 4)
        {
            sorted[ranks[k]] = values[keys[k] & LabelMask];
            sorted[ranks[k + 1]] = values[keys[k + 1] & LabelMask];
            sorted[ranks[k + 2]] = values[keys[k + 2] & LabelMask];
            sorted[ranks[k + 3]] = values[keys[k + 3] & LabelMask];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rank24(int* keys, int count, int* ranks)
    {
        Vector256<int> key0 = Vector256.Load(keys), key1 = Vector256.Load(keys + 8), key2 = Vector256.Load(keys + 16);
        Vector256<int> rank0 = Vector256<int>.Zero, rank1 = Vector256<int>.Zero, rank2 = Vector256<int>.Zero;
        for (int j = 0; j < count; j += 2)
        {
            Vector256<int> even = Vector256.Create(keys[j]), odd = Vector256.Create(keys[j + 1]);
            rank0 -= Vector256.GreaterThan(key0, even) + Vector256.GreaterThan(key0, odd);
            rank1 -= Vector256.GreaterThan(key1, even) + Vector256.GreaterThan(key1, odd);
            rank2 -= Vector256.GreaterThan(key2, even) + Vector256.GreaterThan(key2, odd);
        }

        rank0.Store(ranks);
        rank1.Store(ranks + 8);
        rank2.Store(ranks + 16);
    }

    private static void Rank32(int* keys, int count, int* ranks)
    {
        Rank24(keys, count, ranks);
        Vector256<int> key = Vector256.Load(keys + 24), rank = Vector256<int>.Zero;
        for (int j = 0; j < count; j++)
            rank -= Vector256.GreaterThan(key, Vector256.Create(keys[j]));
        rank.Store(ranks + 24);
    }
}
