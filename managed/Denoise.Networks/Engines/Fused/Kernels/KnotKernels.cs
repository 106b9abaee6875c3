using Denoise.Networks.Engines.Simd.Lanes;

namespace Denoise.Networks.Engines.Fused.Kernels;

/// <summary>
/// Radial weights between knots, <c>w = sum_q L_q(t) knot[first + q]</c> with q = 0..3, and the adjoint. Lanes are weights.
/// </summary>
internal static unsafe class KnotKernels
{
    /// <param name="knots">[knots, width]</param>
    /// <param name="first">[count] first of an edge's four knots</param>
    /// <param name="factors">[4, EdgeBlock.Capacity] L_q of each edge</param>
    /// <param name="count">edges</param>
    /// <param name="width">whole vectors</param>
    /// <param name="weights">[count, width] result</param>
    public static void Interpolate<S, V>(float* knots, int* first, float* factors, nint count, nint width, float* weights)
        where S : struct, ISimd<V>
        where V : struct
    {
        for (nint n = 0; n < count; n++, factors++)
        {
            V l0 = S.Create(factors[0]), l1 = S.Create(factors[EdgeBlock.Capacity]);
            V l2 = S.Create(factors[2 * EdgeBlock.Capacity]), l3 = S.Create(factors[3 * EdgeBlock.Capacity]);
            float* row = knots + first[n] * width;
            for (float* end = row + width; row < end; row += S.Count, weights += S.Count)
            {
                V sum = S.MultiplyAdd(l1, S.Load(row + width), S.Multiply(l0, S.Load(row)));
                sum = S.MultiplyAdd(l2, S.Load(row + 2 * width), sum);
                S.Store(weights, S.MultiplyAdd(l3, S.Load(row + 3 * width), sum));
            }
        }
    }

    /// <summary>knotsAdj[first + q] += L_q weightsAdj</summary>
    public static void Scatter<S, V>(float* knotsAdj, int* first, float* factors, nint count, nint width, float* weightsAdj)
        where S : struct, ISimd<V>
        where V : struct
    {
        for (nint n = 0; n < count; n++, factors++)
        {
            V l0 = S.Create(factors[0]), l1 = S.Create(factors[EdgeBlock.Capacity]);
            V l2 = S.Create(factors[2 * EdgeBlock.Capacity]), l3 = S.Create(factors[3 * EdgeBlock.Capacity]);
            float* row = knotsAdj + first[n] * width;
            for (float* end = row + width; row < end; row += S.Count, weightsAdj += S.Count)
            {
                V adj = S.Load(weightsAdj);
                S.Store(row, S.MultiplyAdd(l0, adj, S.Load(row)));
                S.Store(row + width, S.MultiplyAdd(l1, adj, S.Load(row + width)));
                S.Store(row + 2 * width, S.MultiplyAdd(l2, adj, S.Load(row + 2 * width)));
                S.Store(row + 3 * width, S.MultiplyAdd(l3, adj, S.Load(row + 3 * width)));
            }
        }
    }
}
