using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Denoise.Networks.Engines.Simd;

/// <summary>Real spherical harmonics of unit vectors up to degree 3, eight at a time, in the order and normalization of e3nn.</summary>
internal static unsafe class EdgeHarmonics
{
    /// <summary>Edges from one harmonic to the next: a constant, so that a coupling's components are at constant distances.</summary>
    public const int Capacity = 32;

    public const int LMax = 3;

    /// <summary>Harmonics up to a degree.</summary>
    public static int Count(int lMax) => (lMax + 1) * (lMax + 1);

    /// <param name="lMax">0 to 3</param>
    /// <param name="x">of unit vectors; 0 like y and z where there is no direction</param>
    /// <param name="y">likewise</param>
    /// <param name="z">likewise</param>
    /// <param name="h">[16, <see cref="Capacity"/>], behind the first of the eight</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(int lMax, Vector256<float> x, Vector256<float> y, Vector256<float> z, float* h)
    {
        const float sqrt3 = 1.7320508f, sqrt5 = 2.2360680f, sqrt15 = 3.8729833f;
        Vector256.Store(Vector256<float>.One, h);
        Vector256.Store(sqrt3 * x, h + Capacity);
        Vector256.Store(sqrt3 * y, h + 2 * Capacity);
        Vector256.Store(sqrt3 * z, h + 3 * Capacity);
        if (lMax < 2)
            return;
        Vector256<float> xz = sqrt15 * x * z, axial = 0.5f * sqrt15 * (z * z - x * x), across = x * x + z * z;
        Vector256.Store(xz, h + 4 * Capacity);
        Vector256.Store(sqrt15 * x * y, h + 5 * Capacity);
        Vector256.Store(sqrt5 * (y * y - 0.5f * across), h + 6 * Capacity);
        Vector256.Store(sqrt15 * y * z, h + 7 * Capacity);
        Vector256.Store(axial, h + 8 * Capacity);
        if (lMax < 3)
            return;
        const float sqrt7 = 2.6457513f, sqrt42Sixth = 1.0801234f, sqrt168Eighth = 1.6201852f;
        Vector256<float> four = sqrt168Eighth * (4 * y * y - across);
        Vector256.Store(sqrt42Sixth * (xz * z + axial * x), h + 9 * Capacity);
        Vector256.Store(sqrt7 * xz * y, h + 10 * Capacity);
        Vector256.Store(four * x, h + 11 * Capacity);
        Vector256.Store(0.5f * sqrt7 * y * (2 * y * y - 3 * across), h + 12 * Capacity);
        Vector256.Store(four * z, h + 13 * Capacity);
        Vector256.Store(sqrt7 * axial * y, h + 14 * Capacity);
        Vector256.Store(sqrt42Sixth * (axial * z - xz * x), h + 15 * Capacity);
    }
}
