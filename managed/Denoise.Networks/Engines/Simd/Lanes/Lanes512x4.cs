using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Denoise.Networks.Engines.Simd.Lanes;

/// <summary>Four edges, four channels each.</summary>
internal readonly unsafe struct Lanes512x4 : ILanes<Vector512<float>>
{
    public static int Groups => 4;

    public static int Channels => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Spread(float* first) =>
        Vector512.Create(Lanes256x4.Spread(first), Lanes256x4.Spread(first + 2));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Gather(float** rows, nint offset) =>
        Vector512.Create(Lanes256x4.Gather(rows, offset), Lanes256x4.Gather(rows + 2, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadChannels(float* first)
    {
        Vector256<float> channels = Lanes256x4.LoadChannels(first);
        return Vector512.Create(channels, channels);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Deal(Vector512<float> edge0, Vector512<float> edge1, Vector512<float> edge2, Vector512<float> edge3,
        out Vector512<float> first, out Vector512<float> second)
    {
        Lanes256x4.Deal(edge0.GetLower(), edge1.GetLower(), default, default, out Vector256<float> first01, out Vector256<float> second01);
        Lanes256x4.Deal(edge2.GetLower(), edge3.GetLower(), default, default, out Vector256<float> first23, out Vector256<float> second23);
        (first, second) = (Vector512.Create(first01, first23), Vector512.Create(second01, second23));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddSum(float* destination, Vector512<float> value) =>
        Lanes256x4.AddSum(destination, value.GetLower() + value.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Repeat(float* source)
    {
        Vector128<float> four = Vector128.Load(source);
        Vector256<float> eight = Vector256.Create(four, four);
        return Vector512.Create(eight, eight);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Total(Vector512<float> value)
    {
        Vector512<float> pairs = value + Pairs.Swap(value);
        return pairs + Vector512.Shuffle(pairs, Vector512.Create(2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(float* destination, Vector512<float> value) =>
        Lanes256x4.StoreFirst(destination, Pairs.First(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreSums(float* first, float* second, Vector512<float> a, Vector512<float> b, Vector512<float> gate) =>
        Lanes256x4.StoreSums(first, second, Pairs.Sum(a), Pairs.Sum(b), gate.GetLower());
}
