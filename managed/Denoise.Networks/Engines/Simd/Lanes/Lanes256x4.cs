using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Denoise.Networks.Engines.Simd.Lanes;

/// <summary>Two edges, four channels each.</summary>
internal readonly unsafe struct Lanes256x4 : ILanes<Vector256<float>>
{
    public static int Groups => 2;

    public static int Channels => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Spread(float* first) =>
        Vector256.Create(Vector128.Create(*first), Vector128.Create(first[1]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Gather(float** rows, nint offset) =>
        Vector256.Create(Vector128.Load(rows[0] + offset), Vector128.Load(rows[1] + offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(float* first, nint stride) =>
        Vector256.Create(Vector128.Load(first), Vector128.Load(first + stride));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddSum(float* destination, Vector256<float> value) =>
        Vector128.Store(Vector128.Load(destination) + value.GetLower() + value.GetUpper(), destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Repeat(float* source) => Vector256.Create(*(double*)source).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddInterleavedSum(float* destination, Vector256<float> value, float scale) =>
        Vector128.Store(
            Vector128.FusedMultiplyAdd(Pairs.Sum(value), Vector128.Create(scale), Vector128.Load(destination)), destination);
}
