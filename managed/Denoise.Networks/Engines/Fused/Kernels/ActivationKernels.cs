using System.Runtime.CompilerServices;
using Denoise.Networks.Engines.Simd.Kernels;
using Denoise.Networks.Engines.Simd.Lanes;
using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Fused.Kernels;

/// <summary>
/// The activations and their derivatives out of s = 1 / (1 + exp(-k x)), which is computed once: k = 1 for even scalars and
/// gates, 2 for odd scalars, where tanh(x) = 2 s - 1. Lanes are channels; the last vector of a row may be read beyond it.
/// </summary>
internal static unsafe class ActivationKernels
{
    /// <summary>s of <paramref name="count"/> values, whole vectors.</summary>
    public static void Sigmoid<S, V>(float* x, float* s, nint count, float k)
        where S : struct, ISimd<V>
        where V : struct
    {
        V one = S.Create(1), scale = S.Create(-k);
        for (nint u = 0; u < count; u += S.Count)
            S.Store(s + u, S.Divide(one, S.Add(one, GateKernel.Exp<S, V>(S.Multiply(S.Load(x + u), scale)))));
    }

    /// <summary>y = c x s, or c tanh(x) of odd scalars.</summary>
    public static void ScalarForward<S, V, TOdd>(float* x, float* s, nint xStride, float* y, nint yStride, nint rows)
        where S : struct, ISimd<V>
        where V : struct
        where TOdd : struct, IFlag
    {
        V even = S.Create((float)Activations.SiLU), odd = S.Create((float)Activations.Tanh), one = S.Create(1);
        for (nint n = 0; n < rows; n++, x += xStride, s += xStride, y += yStride)
            for (nint u = 0; u < yStride; u += S.Count)
            {
                V sigmoid = S.Load(s + u);
                S.Store(y + u, TOdd.Value
                    ? S.Multiply(odd, S.Subtract(S.Add(sigmoid, sigmoid), one))
                    : S.Multiply(even, S.Multiply(S.Load(x + u), sigmoid)));
            }
    }

    /// <summary>xAdj = yAdj dy/dx, exactly <paramref name="channels"/> of each row.</summary>
    public static void ScalarBackward<S, V, TOdd>(float* x, float* s, nint xStride, float* yAdj, nint yStride, float* xAdj, nint channels,
        nint rows)
        where S : struct, ISimd<V>
        where V : struct
        where TOdd : struct, IFlag
    {
        V even = S.Create((float)Activations.SiLU), odd = S.Create((float)(4 * Activations.Tanh)), one = S.Create(1);
        for (nint n = 0; n < rows; n++, x += xStride, s += xStride, yAdj += yStride, xAdj += xStride)
            for (nint u = 0; u < channels; u += S.Count)
            {
                V sigmoid = S.Load(s + u), rest = S.Subtract(one, sigmoid);
                V slope = TOdd.Value
                    ? S.Multiply(odd, S.Multiply(sigmoid, rest))
                    : S.Multiply(even, S.Multiply(sigmoid, S.MultiplyAdd(S.Load(x + u), rest, one)));
                StoreFirst<S, V>(xAdj + u, S.Multiply(slope, S.Load(yAdj + u)), channels - u);
            }
    }

    /// <summary>y[m, u] = c s[u] x[m, u]</summary>
    /// <param name="x">[rows, components, xStride] from the block's first channel on</param>
    /// <param name="s">[rows, sStride] from the block's first gate on</param>
    /// <param name="y">[rows, components, yStride]</param>
    public static void GatedForward<S, V>(float* x, nint xStride, float* s, nint sStride, float* y, nint yStride, nint components,
        nint rows)
        where S : struct, ISimd<V>
        where V : struct
    {
        V c = S.Create((float)Activations.Sigmoid);
        for (nint n = 0; n < rows; n++, s += sStride)
            for (nint m = 0; m < components; m++, x += xStride, y += yStride)
                for (nint u = 0; u < yStride; u += S.Count)
                    S.Store(y + u, S.Multiply(S.Load(x + u), S.Multiply(c, S.Load(s + u))));
    }

    /// <summary>
    /// xAdj = c s yAdj, <paramref name="written"/> channels; gateAdj = c s (1 - s) sum_m x yAdj, <paramref name="channels"/> of them.
    /// </summary>
    public static void GatedBackward<S, V>(float* x, nint xStride, float* s, nint sStride, float* yAdj, nint yStride, float* xAdj,
        float* gateAdj, nint components, nint channels, nint written, nint rows)
        where S : struct, ISimd<V>
        where V : struct
    {
        V c = S.Create((float)Activations.Sigmoid), one = S.Create(1);
        for (nint n = 0; n < rows; n++, s += sStride, gateAdj += sStride)
        {
            for (nint u = 0; u < channels; u += S.Count)
            {
                V sigmoid = S.Load(s + u), gate = S.Multiply(c, sigmoid), sum = S.Zero;
                for (nint m = 0; m < components; m++)
                {
                    V adj = S.Load(yAdj + m * yStride + u);
                    sum = S.MultiplyAdd(S.Load(x + m * xStride + u), adj, sum);
                    StoreFirst<S, V>(xAdj + m * xStride + u, S.Multiply(gate, adj), written - u);
                }

                StoreFirst<S, V>(gateAdj + u, S.Multiply(sum, S.Multiply(gate, S.Subtract(one, sigmoid))), channels - u);
            }

            x += components * xStride;
            xAdj += components * xStride;
            yAdj += components * yStride;
        }
    }

    /// <summary>What lies behind belongs to other channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreFirst<S, V>(float* to, V value, nint count)
        where S : struct, ISimd<V>
        where V : struct
    {
        if (count >= S.Count)
            S.Store(to, value);
        else
            StorePart<S, V>(to, value, count);
    }

    private static void StorePart<S, V>(float* to, V value, nint count)
        where S : struct, ISimd<V>
        where V : struct
    {
        float* whole = stackalloc float[16];
        S.Store(whole, value);
        for (nint u = 0; u < count; u++)
            to[u] = whole[u];
    }
}
