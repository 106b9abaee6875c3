using System.Runtime.CompilerServices;
using Denoise.Networks.Engines.Simd.Lanes;

namespace Denoise.Networks.Engines.Simd.Kernels;

/// <summary>Nonlinearities of the scalars, a vector of channels at a time.</summary>
internal static unsafe class GateKernel
{
    /// <summary>
    /// sigmoid(s x) (linear x + constant) + shift: SiLU with linear = c, a gate with constant = c, tanh with s = 2, constant = 2 c
    /// and shift = -c.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Activate<S, V>(V x, V linear, V constant, V s, V shift)
        where S : struct, ISimd<V>
        where V : struct
    {
        V factor = S.MultiplyAdd(linear, x, constant);
        V denominator = S.Add(S.Create(1), Exp<S, V>(S.Multiply(x, S.Subtract(S.Zero, s))));
        return S.Add(S.Divide(factor, denominator), shift);
    }

    /// <summary>
    /// exp(x) = 2^n exp(f) with |f| &lt;= ln(2)/2: the Taylor polynomial to f^7 is exact to 5e-9 there. Arguments are limited to
    /// [-87, 87], where the result is a normal number.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<S, V>(V x)
        where S : struct, ISimd<V>
        where V : struct
    {
        x = S.Clamp(x, S.Create(-87), S.Create(87));
        V n = S.Round(S.Multiply(x, S.Create(1.44269504f)));
        // ln 2 in two parts: n times the first is exact.
        V f = S.NegateMultiplyAdd(n, S.Create(0.693359375f), x);
        f = S.NegateMultiplyAdd(n, S.Create(-2.12194440e-4f), f);
        V p = S.Create(1 / 5040f);
        p = S.MultiplyAdd(p, f, S.Create(1 / 720f));
        p = S.MultiplyAdd(p, f, S.Create(1 / 120f));
        p = S.MultiplyAdd(p, f, S.Create(1 / 24f));
        p = S.MultiplyAdd(p, f, S.Create(1 / 6f));
        p = S.MultiplyAdd(p, f, S.Create(0.5f));
        p = S.MultiplyAdd(p, f, S.Create(1f));
        p = S.MultiplyAdd(p, f, S.Create(1f));
        return S.Multiply(p, S.PowerOfTwo(n));
    }
}
