using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Denoise.Networks.Engines.Simd.Lanes;

/// <summary>One edge, eight channels.</summary>
internal readonly unsafe struct Lanes256x8 : ILanes<Vector256<float>>
{
    public static int Groups => 1;

    public static int Channels => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Spread(float* first) => Vector256.Create(*first);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Gather(float** rows, nint offset) => Vector256.Load(rows[0] + offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadChannels(float* first) => Vector256.Load(first);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Deal(Vector256<float> edge0, Vector256<float> edge1, Vector256<float> edge2, Vector256<float> edge3,
        out Vector256<float> first, out Vector256<float> second) =>
        (first, second) = (edge0, edge1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddSum(float* destination, Vector256<float> value) =>
        Vector256.Store(Vector256.Load(destination) + value, destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Repeat(float* source) => Vector256.Create(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Total(Vector256<float> value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(float* destination, Vector256<float> value) => Vector256.Store(value, destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreSums(float* first, float* second, Vector256<float> a, Vector256<float> b, Vector256<float> gate)
    {
        Vector256.Store(a * gate, first);
        Vector256.Store(b * gate, second);
    }
}
