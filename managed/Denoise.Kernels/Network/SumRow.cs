using ILGPU;

namespace Denoise.Kernels.Network;

/// <summary>Where a thread leaves the sums of a path: components of degree 2 as e3nn's real basis has them.</summary>
public static class SumRow
{
    private const float InverseSqrt3 = 0.57735026918962576f;

    public static void StoreVector(ArrayView<float> sums, long place, int stride, float x, float y, float z)
    {
        sums[place] = x;
        sums[place + stride] = y;
        sums[place + 2L * stride] = z;
    }

    public static void StoreRank2(ArrayView<float> sums, long place, int stride, float q0, float q1, float q2, float q3, float q4)
    {
        sums[place] = q0;
        sums[place + stride] = q1;
        sums[place + 2L * stride] = q2;
        sums[place + 3L * stride] = q3;
        sums[place + 4L * stride] = q4;
    }

    /// <summary>From sums of ax bx, ay by, az bz and of the mixed components of the symmetric product S(a, b).</summary>
    public static void StoreSymmetric(
        ArrayView<float> sums, long place, int stride, float xx, float yy, float zz, float xz, float xy, float yz) =>
        StoreRank2(sums, place, stride, xz, xy, (yy + yy - (xx + zz)) * InverseSqrt3, yz, zz - xx);
}
