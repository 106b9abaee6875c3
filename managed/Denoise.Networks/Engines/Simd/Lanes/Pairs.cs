using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Denoise.Networks.Engines.Simd.Lanes;

/// <summary>Neighboring lanes: their sums, and each one's first or other.</summary>
internal static class Pairs
{
    /// <summary>[a0 + a1, a2 + a3, a4 + a5, a6 + a7, b0 + b1, b2 + b3, b4 + b5, b6 + b7]</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Sums(Vector256<float> a, Vector256<float> b)
    {
        if (!Avx2.IsSupported)
            return Vector256.Create(First(a + Swap(a)), First(b + Swap(b)));

        // Within each half, then the quarters a a | b b.
        Vector256<float> sums = Avx.Shuffle(a, b, 0b10_00_10_00) + Avx.Shuffle(a, b, 0b11_01_11_01);
        return Avx2.Permute4x64(sums.AsDouble(), 0b11_01_10_00).AsSingle();
    }

    /// <summary>[a0 + a1, a2 + a3, ...] of sixteen lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Sum(Vector512<float> a)
    {
        Vector512<float> even = Vector512.Shuffle(a, Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 0, 2, 4, 6, 8, 10, 12, 14));
        Vector512<float> odd = Vector512.Shuffle(a, Vector512.Create(1, 3, 5, 7, 9, 11, 13, 15, 1, 3, 5, 7, 9, 11, 13, 15));
        return (even + odd).GetLower();
    }

    /// <summary>[a0, a2, a4, a6]</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> First(Vector256<float> a) =>
        Vector256.Shuffle(a, Vector256.Create(0, 2, 4, 6, 0, 2, 4, 6)).GetLower();

    /// <summary>The same of sixteen lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> First(Vector512<float> a) =>
        Vector512.Shuffle(a, Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 0, 2, 4, 6, 8, 10, 12, 14)).GetLower();

    /// <summary>[a1, a0, a3, a2, a5, a4, a7, a6]</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Swap(Vector256<float> a) =>
        Vector256.Shuffle(a, Vector256.Create(1, 0, 3, 2, 5, 4, 7, 6));

    /// <summary>The same of sixteen lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Swap(Vector512<float> a) =>
        Vector512.Shuffle(a, Vector512.Create(1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));
}
