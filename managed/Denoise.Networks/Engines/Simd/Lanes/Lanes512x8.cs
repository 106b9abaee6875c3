using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Denoise.Networks.Engines.Simd.Lanes;

/// <summary>Two edges, eight channels each.</summary>
internal readonly unsafe struct Lanes512x8 : ILanes<Vector512<float>>
{
    public static int Groups => 2;

    public static int Channels => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Spread(float* first) =>
        Vector512.Create(Vector256.Create(*first), Vector256.Create(first[1]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Gather(float** rows, nint offset) =>
        Vector512.Create(Vector256.Load(rows[0] + offset), Vector256.Load(rows[1] + offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadChannels(float* first)
    {
        Vector256<float> channels = Vector256.Load(first);
        return Vector512.Create(channels, channels);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Deal(Vector512<float> edge0, Vector512<float> edge1, Vector512<float> edge2, Vector512<float> edge3,
        out Vector512<float> first, out Vector512<float> second)
    {
        first = Vector512.Create(edge0.GetLower(), edge1.GetLower());
        second = Vector512.Create(edge0.GetUpper(), edge1.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddSum(float* destination, Vector512<float> value) =>
        Vector256.Store(Vector256.Load(destination) + value.GetLower() + value.GetUpper(), destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Repeat(float* source) => Vector512.Create(*(double*)source).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Total(Vector512<float> value) => value + Pairs.Swap(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(float* destination, Vector512<float> value) =>
        Vector256.Store(Pairs.First(value), destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreSums(float* first, float* second, Vector512<float> a, Vector512<float> b, Vector512<float> gate)
    {
        Vector256.Store(Pairs.Sum(a) * gate.GetLower(), first);
        Vector256.Store(Pairs.Sum(b) * gate.GetUpper(), second);
    }
}
