using System.Runtime.CompilerServices;
using Denoise.Networks.Engines.Simd.Lanes;

namespace Denoise.Networks.Engines.Simd.Kernels;

/// <summary>Nonlinearities of the scalars, vectors of channels at a time.</summary>
internal static unsafe class GateKernel
{
    /// <summary>
    /// y[u] = sigmoid(s x[u]) (linear[u] x[u] + constant[u]) + shift: SiLU with linear = c, a gate with constant = c, tanh with
    /// s = 2, constant = 2 c and shift = -c. All arrays are accessed up to a whole vector behind <paramref name="count"/>.
    /// </summary>
    public static void Activate<S, V>(float* x, float* y, float* linear, float* constant, float s, float shift, int count)
        where S : struct, ISimd<V>
        where V : struct
    {
        V scale = S.Create(-s), offset = S.Create(shift), one = S.Create(1);
        for (int u = 0; u < count; u += S.Count)
        {
            V value = S.Load(x + u);
            V factor = S.MultiplyAdd(S.Load(linear + u), value, S.Load(constant + u));
            V denominator = S.Add(one, Exp<S, V>(S.Multiply(value, scale)));
            S.Store(y + u, S.Add(S.Divide(factor, denominator), offset));
        }
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
