using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Denoise.Networks.Engines.Simd.Lanes;

/// <summary>Sums of neighboring lanes.</summary>
internal static class Pairs
{
    /// <summary>[a0 + a1, a2 + a3, a4 + a5, a6 + a7]</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sum(Vector256<float> a)
    {
        Vector256<float> even = Vector256.Shuffle(a, Vector256.Create(0, 2, 4, 6, 0, 2, 4, 6));
        Vector256<float> odd = Vector256.Shuffle(a, Vector256.Create(1, 3, 5, 7, 1, 3, 5, 7));
        return (even + odd).GetLower();
    }

    /// <summary>The same of sixteen lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Sum(Vector512<float> a)
    {
        Vector512<float> even = Vector512.Shuffle(a, Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 0, 2, 4, 6, 8, 10, 12, 14));
        Vector512<float> odd = Vector512.Shuffle(a, Vector512.Create(1, 3, 5, 7, 9, 11, 13, 15, 1, 3, 5, 7, 9, 11, 13, 15));
        return (even + odd).GetLower();
    }
}
