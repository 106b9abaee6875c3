using Denoise.Networks.Engines.Simd.Lanes;

namespace Denoise.Networks.Engines.Simd.Kernels;

/// <summary>One number per atom: results[a] = sum_u weights[u] rows[a][u].</summary>
internal static unsafe class DotProduct
{
    /// <param name="weights">[count]</param>
    /// <param name="rows">[4]</param>
    /// <param name="offset">first float in every row</param>
    /// <param name="count">a multiple of the lanes</param>
    /// <param name="results">[4]</param>
    public static void Run<S, V>(float* weights, float** rows, nint offset, int count, float* results)
        where S : struct, ISimd<V>
        where V : struct
    {
        V sum0 = S.Zero, sum1 = S.Zero, sum2 = S.Zero, sum3 = S.Zero;
        float* x0 = rows[0] + offset, x1 = rows[1] + offset, x2 = rows[2] + offset, x3 = rows[3] + offset;
        for (nint u = 0; u < count; u += S.Count)
        {
            V weight = S.Load(weights + u);
            sum0 = S.MultiplyAdd(weight, S.Load(x0 + u), sum0);
            sum1 = S.MultiplyAdd(weight, S.Load(x1 + u), sum1);
            sum2 = S.MultiplyAdd(weight, S.Load(x2 + u), sum2);
            sum3 = S.MultiplyAdd(weight, S.Load(x3 + u), sum3);
        }

        (results[0], results[1], results[2], results[3]) = (S.Sum(sum0), S.Sum(sum1), S.Sum(sum2), S.Sum(sum3));
    }
}
