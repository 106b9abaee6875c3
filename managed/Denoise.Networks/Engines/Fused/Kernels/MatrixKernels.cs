using Denoise.Networks.Engines.Simd.Lanes;

namespace Denoise.Networks.Engines.Fused.Kernels;

/// <summary>Products of tall matrices with small ones; lanes are columns. Rows of y and w are whole vectors.</summary>
internal static unsafe class MatrixKernels
{
    /// <summary>y[n, v] += sum_u x[n, u] w[u, v]</summary>
    /// <param name="x">[rows, xStride]</param>
    /// <param name="w">[inner, yStride]</param>
    /// <param name="y">[rows, yStride]</param>
    /// <param name="rows">n</param>
    /// <param name="inner">u</param>
    /// <param name="xStride">floats of a row of x, at least inner</param>
    /// <param name="yStride">floats of a row of y</param>
    public static void MultiplyAdd<S, V>(float* x, float* w, float* y, nint rows, nint inner, nint xStride, nint yStride)
        where S : struct, ISimd<V>
        where V : struct
    {
        for (nint v = 0; v < yStride; v += S.Count)
        {
            nint n = 0;
            for (; n + 8 <= rows; n += 8)
            {
                float* to = y + n * yStride + v, upper = to + 4 * yStride;
                V s0 = S.Load(to), s1 = S.Load(to + yStride), s2 = S.Load(to + 2 * yStride), s3 = S.Load(to + 3 * yStride);
                V s4 = S.Load(upper), s5 = S.Load(upper + yStride), s6 = S.Load(upper + 2 * yStride), s7 = S.Load(upper + 3 * yStride);
                float* weights = w + v, a = x + n * xStride, b = a + 4 * xStride;
                for (float* end = a + inner; a < end; a++, b++, weights += yStride)
                {
                    V weight = S.Load(weights);
                    s0 = S.MultiplyAdd(S.Create(*a), weight, s0);
                    s1 = S.MultiplyAdd(S.Create(a[xStride]), weight, s1);
                    s2 = S.MultiplyAdd(S.Create(a[2 * xStride]), weight, s2);
                    s3 = S.MultiplyAdd(S.Create(a[3 * xStride]), weight, s3);
                    s4 = S.MultiplyAdd(S.Create(*b), weight, s4);
                    s5 = S.MultiplyAdd(S.Create(b[xStride]), weight, s5);
                    s6 = S.MultiplyAdd(S.Create(b[2 * xStride]), weight, s6);
                    s7 = S.MultiplyAdd(S.Create(b[3 * xStride]), weight, s7);
                }

                S.Store(to, s0);
                S.Store(to + yStride, s1);
                S.Store(to + 2 * yStride, s2);
                S.Store(to + 3 * yStride, s3);
                S.Store(upper, s4);
                S.Store(upper + yStride, s5);
                S.Store(upper + 2 * yStride, s6);
                S.Store(upper + 3 * yStride, s7);
            }

            for (; n < rows; n++)
            {
                float* a = x + n * xStride;
                V sum = S.Load(y + n * yStride + v);
                for (nint u = 0; u < inner; u++)
                    sum = S.MultiplyAdd(S.Create(a[u]), S.Load(w + u * yStride + v), sum);
                S.Store(y + n * yStride + v, sum);
            }
        }
    }

    /// <summary>wAdj[u, v] += sum_n x[n, u] yAdj[n, v]</summary>
    /// <inheritdoc cref="MultiplyAdd" path="/param"/>
    public static void AddOuter<S, V>(float* x, float* yAdj, float* wAdj, nint rows, nint inner, nint xStride, nint yStride)
        where S : struct, ISimd<V>
        where V : struct
    {
        for (nint v = 0; v < yStride; v += S.Count)
        {
            nint u = 0;
            for (; u + 8 <= inner; u += 8)
            {
                float* to = wAdj + u * yStride + v, upper = to + 4 * yStride;
                V s0 = S.Load(to), s1 = S.Load(to + yStride), s2 = S.Load(to + 2 * yStride), s3 = S.Load(to + 3 * yStride);
                V s4 = S.Load(upper), s5 = S.Load(upper + yStride), s6 = S.Load(upper + 2 * yStride), s7 = S.Load(upper + 3 * yStride);
                float* from = yAdj + v, a = x + u;
                for (nint n = 0; n < rows; n++, from += yStride, a += xStride)
                {
                    V adj = S.Load(from);
                    s0 = S.MultiplyAdd(S.Create(a[0]), adj, s0);
                    s1 = S.MultiplyAdd(S.Create(a[1]), adj, s1);
                    s2 = S.MultiplyAdd(S.Create(a[2]), adj, s2);
                    s3 = S.MultiplyAdd(S.Create(a[3]), adj, s3);
                    s4 = S.MultiplyAdd(S.Create(a[4]), adj, s4);
                    s5 = S.MultiplyAdd(S.Create(a[5]), adj, s5);
                    s6 = S.MultiplyAdd(S.Create(a[6]), adj, s6);
                    s7 = S.MultiplyAdd(S.Create(a[7]), adj, s7);
                }

                S.Store(to, s0);
                S.Store(to + yStride, s1);
                S.Store(to + 2 * yStride, s2);
                S.Store(to + 3 * yStride, s3);
                S.Store(upper, s4);
                S.Store(upper + yStride, s5);
                S.Store(upper + 2 * yStride, s6);
                S.Store(upper + 3 * yStride, s7);
            }

            // Two chains per sum: a single one would wait for every multiply-add.
            for (; u < inner; u++)
            {
                float* from = yAdj + v, a = x + u;
                V even = S.Load(wAdj + u * yStride + v), odd = S.Zero;
                nint n = 0;
                for (; n + 2 <= rows; n += 2, from += 2 * yStride, a += 2 * xStride)
                {
                    even = S.MultiplyAdd(S.Create(*a), S.Load(from), even);
                    odd = S.MultiplyAdd(S.Create(a[xStride]), S.Load(from + yStride), odd);
                }

                if (n < rows)
                    even = S.MultiplyAdd(S.Create(*a), S.Load(from), even);
                S.Store(wAdj + u * yStride + v, S.Add(even, odd));
            }
        }
    }
}
