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
    public static Vector512<float> Load(float* first, nint stride) =>
        Vector512.Create(Lanes256x4.Load(first, stride), Lanes256x4.Load(first + 2 * stride, stride));

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
    public static void AddInterleavedSum(float* destination, Vector512<float> value, float scale) =>
        Lanes256x4.AddInterleavedSum(destination, Pairs.Sum(value), scale);
}
