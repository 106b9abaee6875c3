using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Denoise.Neighbors.Cells;

/// <summary>Writes the lanes of a vector that a mask selects next to each other.</summary>
internal static unsafe class LaneCompaction
{
    /// <summary>[256, 8] for every mask the selected lanes in order, the rest of the row arbitrary. Native, so that it never moves.</summary>
    private static readonly byte* Lanes = CreateLanes();

    /// <summary>Stores the selected lanes at <paramref name="to"/>, where eight elements may be written, and returns their number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Store(Vector256<int> values, uint mask, int* to)
    {
        if (Avx2.IsSupported)
        {
            Vector256<int> order = Avx2.ConvertToVector256Int32(Lanes + 8 * mask);
            Avx2.PermuteVar8x32(values, order).Store(to);
            return System.Numerics.BitOperations.PopCount(mask);
        }

        int count = 0;
        for (; mask != 0; mask &= mask - 1)
            to[count++] = values.GetElement(System.Numerics.BitOperations.TrailingZeroCount(mask));
        return count;
    }

    /// <summary>The same for two vectors of equal selection.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Store(Vector256<int> first, Vector256<int> second, uint mask, int* toFirst, int* toSecond)
    {
        if (Avx2.IsSupported)
        {
            Vector256<int> order = Avx2.ConvertToVector256Int32(Lanes + 8 * mask);
            Avx2.PermuteVar8x32(first, order).Store(toFirst);
            Avx2.PermuteVar8x32(second, order).Store(toSecond);
            return System.Numerics.BitOperations.PopCount(mask);
        }

        Store(second, mask, toSecond);
        return Store(first, mask, toFirst);
    }

    private static byte* CreateLanes()
    {
        byte* table = (byte*)NativeMemory.AlignedAlloc(256 * 8, 64);
        for (int mask = 0; mask < 256; mask++)
        {
            int next = 0;
            for (int lane = 0; lane < 8; lane++)
            {
                if ((mask >> lane & 1) != 0)
                    table[8 * mask + next++] = (byte)lane;
            }

            while (next < 8)
                table[8 * mask + next++] = 0;
        }

        return table;
    }
}
