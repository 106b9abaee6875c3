using System.Runtime.CompilerServices;
using Denoise.Networks.Engines.Simd.Lanes;

namespace Denoise.Networks.Engines.Simd.Kernels;

/// <summary>
/// Adds a kernel's registers to the aggregate, component after component. Components of degree 2 are those of e3nn's real basis,
/// in which the symmetric traceless product of two vectors is
/// <code>
/// S(a, b) = [ ax bz + az bx,  ax by + ay bx,  (2 ay by - ax bx - az bz) / sqrt(3),  ay bz + az by,  az bz - ax bx ]
/// </code>
/// and Y_2(e) = sqrt(15)/2 S(e, e).
/// </summary>
internal static unsafe class Sums
{
    public const float InverseSqrt3 = 0.57735026918962576f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddVector<L, V>(float* aggregate, ref PathSlot slot, V x, V y, V z)
        where L : struct, ILanes<V>
        where V : struct
    {
        // Read before the first store, after which they would have to be read again.
        nint stride = slot.Stride;
        float* output = aggregate + slot.Output;
        L.AddSum(output, x);
        L.AddSum(output + stride, y);
        L.AddSum(output + 2 * stride, z);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddRank2<L, V>(float* aggregate, ref PathSlot slot, V q0, V q1, V q2, V q3, V q4)
        where L : struct, ILanes<V>
        where V : struct
    {
        nint stride = slot.Stride;
        float* output = aggregate + slot.Output;
        L.AddSum(output, q0);
        L.AddSum(output + stride, q1);
        L.AddSum(output + 2 * stride, q2);
        L.AddSum(output + 3 * stride, q3);
        L.AddSum(output + 4 * stride, q4);
    }

    /// <summary>The components of D.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add<L, V, D>(float* aggregate, ref PathSlot slot, V s0, V s1, V s2, V s3, V s4, V s5, V s6)
        where L : struct, ILanes<V>
        where V : struct
        where D : struct, IDegree
    {
        nint stride = slot.Stride;
        float* output = aggregate + slot.Output;
        L.AddSum(output, s0);
        if (D.Components >= 3)
        {
            L.AddSum(output + stride, s1);
            L.AddSum(output + 2 * stride, s2);
        }

        if (D.Components >= 5)
        {
            L.AddSum(output + 3 * stride, s3);
            L.AddSum(output + 4 * stride, s4);
        }

        if (D.Components >= 7)
        {
            L.AddSum(output + 5 * stride, s5);
            L.AddSum(output + 6 * stride, s6);
        }
    }

    /// <summary>From sums of ax bx, ay by, az bz and of the three mixed components of S(a, b).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddSymmetric<L, S, V>(float* aggregate, ref PathSlot slot, V xx, V yy, V zz, V xz, V xy, V yz)
        where L : struct, ILanes<V>
        where S : struct, ISimd<V>
        where V : struct
    {
        V axial = S.Multiply(S.Subtract(S.Add(yy, yy), S.Add(xx, zz)), S.Create(InverseSqrt3));
        AddRank2<L, V>(aggregate, ref slot, xz, xy, axial, yz, S.Subtract(zz, xx));
    }
}
