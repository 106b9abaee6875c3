using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Denoise.Networks.Engines.Simd.Lanes;

/// <summary>Two edges, four channels each.</summary>
internal readonly unsafe struct Lanes256x4 : ILanes<Vector256<float>>
{
    public static int Groups => 2;

    public static int Channels => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Spread(float* first) => Avx.IsSupported
        ? Avx.PermuteVar(Repeat(first), Vector256.Create(0, 0, 0, 0, 1, 1, 1, 1))
        : Vector256.Create(Vector128.Create(*first), Vector128.Create(first[1]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Gather(float** rows, nint offset) =>
        Vector256.Create(Vector128.Load(rows[0] + offset), Vector128.Load(rows[1] + offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadChannels(float* first)
    {
        Vector128<float> channels = Vector128.Load(first);
        return Vector256.Create(channels, channels);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Deal(Vector256<float> edge0, Vector256<float> edge1, Vector256<float> edge2, Vector256<float> edge3,
        out Vector256<float> first, out Vector256<float> second)
    {
        // The one instruction reaches all 32 registers, the other only 16.
        if (Avx512F.VL.IsSupported)
        {
            first = Avx512F.VL.Shuffle2x128(edge0, edge1, 0b00);
            second = Avx512F.VL.Shuffle2x128(edge0, edge1, 0b11);
        }
        else if (Avx.IsSupported)
        {
            first = Avx.Permute2x128(edge0, edge1, 0x20);
            second = Avx.Permute2x128(edge0, edge1, 0x31);
        }
        else
        {
            first = Vector256.Create(edge0.GetLower(), edge1.GetLower());
            second = Vector256.Create(edge0.GetUpper(), edge1.GetUpper());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddSum(float* destination, Vector256<float> value) =>
        Vector128.Store(Vector128.Load(destination) + value.GetLower() + value.GetUpper(), destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Repeat(float* source) => Vector256.Create(*(double*)source).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Total(Vector256<float> value) => value + Pairs.Swap(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(float* destination, Vector256<float> value) =>
        Vector128.Store(Pairs.First(value), destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreSums(float* first, float* second, Vector256<float> a, Vector256<float> b, Vector256<float> gate)
    {
        Vector256<float> sums = Pairs.Sums(a, b) * gate;
        Vector128.Store(sums.GetLower(), first);
        Vector128.Store(sums.GetUpper(), second);
    }
}
