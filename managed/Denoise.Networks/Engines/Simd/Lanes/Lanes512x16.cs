using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Denoise.Networks.Engines.Simd.Lanes;

/// <summary>One edge, sixteen channels.</summary>
internal readonly unsafe struct Lanes512x16 : ILanes<Vector512<float>>
{
    public static int Groups => 1;

    public static int Channels => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Spread(float* first) => Vector512.Create(*first);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Gather(float** rows, nint offset) => Vector512.Load(rows[0] + offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadChannels(float* first) => Vector512.Load(first);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Deal(Vector512<float> edge0, Vector512<float> edge1, Vector512<float> edge2, Vector512<float> edge3,
        out Vector512<float> first, out Vector512<float> second) =>
        (first, second) = (edge0, edge1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddSum(float* destination, Vector512<float> value) =>
        Vector512.Store(Vector512.Load(destination) + value, destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Repeat(float* source) => Vector512.Create(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Total(Vector512<float> value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(float* destination, Vector512<float> value) => Vector512.Store(value, destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreSums(float* first, float* second, Vector512<float> a, Vector512<float> b, Vector512<float> gate)
    {
        Vector512.Store(a * gate, first);
        Vector512.Store(b * gate, second);
    }
}
