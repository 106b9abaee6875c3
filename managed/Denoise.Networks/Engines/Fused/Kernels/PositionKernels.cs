using System.Runtime.CompilerServices;
using Denoise.Networks.Engines.Simd.Lanes;

namespace Denoise.Networks.Engines.Fused.Kernels;

/// <summary>
/// What one path of the convolution says of an atom's position: both messages of every pair at once, that of neighbor j to atom i and
/// that of i to j, so that an atom gathers its whole derivative and nothing is scattered. Lanes are channels. With T as in
/// <see cref="PathKernels"/>, of r_i - r_j, and p = (-1)^l2 for the opposite direction,
/// <code>
/// e    = g_i . (T h_j) + p g_j . (T h_i)                        times w' : by the distance
/// turn = g_i x (T h_j) + h_j x (T^T g_i) + p (g_j x (T h_i) + h_i x (T^T g_j))   times w : by a rotation of the pair's direction
/// hAdj_i += p w T^T g_j
/// </code>
/// Here a x b is the vector of a^T J_k b, J the generators of rotations of degree l: because T is equivariant, a rotation of its
/// direction alone is one of its result less one of what it is applied to, and no derivative of a harmonic is needed.
/// </summary>
internal static unsafe class PositionKernels
{
    /// <summary>Floats of an edge's sums over paths: [turn x, y, z and e, lanes].</summary>
    public const int SumsPerEdge = 4 * 16;

    public const int LMax = 2;

    private const nint Next = EdgeBlock.Capacity;

    public static void Gather<S, V, D1, D3, TDiagonal>(EdgeBlock* edges, PathPass* pass, nint atom, nint row)
        where S : struct, ISimd<V>
        where V : struct
        where D1 : struct, IDegree
        where D3 : struct, IDegree
        where TDiagonal : struct, IFlag
    {
        nint component = pass->Channels, rowOf = D1.Components * Next;
        V p = S.Create(pass->OppositeSign);
        Read<S, V, D1>(pass->Input + atom * pass->InputStride, component, out V x0, out V x1, out V x2, out V x3, out V x4);
        Read<S, V, D3>(pass->SumsAdj + atom * pass->SumStride, component, out V g0, out V g1, out V g2, out V g3, out V g4);
        V a0 = S.Zero, a1 = S.Zero, a2 = S.Zero, a3 = S.Zero, a4 = S.Zero;
        float* weights = edges->Weights + pass->Weight, slopes = edges->Slopes + pass->Weight, to = edges->PositionSums;
        float* t = edges->Couplings + pass->Coupling * Next;
        for (int n = 0; n < edges->Count; n++, weights += edges->WeightStride, slopes += edges->WeightStride, t++, to += SumsPerEdge)
        {
            nint neighbor = edges->Neighbors[n];
            V w = S.Load(weights), pw = S.Multiply(p, w), e;
            Read<S, V, D1>(pass->Input + neighbor * pass->InputStride, component, out V y0, out V y1, out V y2, out V y3, out V y4);
            Read<S, V, D3>(pass->SumsAdj + neighbor * pass->SumStride, component, out V q0, out V q1, out V q2, out V q3, out V q4);
            V s0, s1, s2, s3, s4;
            if (TDiagonal.Value)
            {
                e = Product<S, V, D1>(g0, g1, g2, g3, g4, y0, y1, y2, y3, y4);
                e = S.Add(e, Product<S, V, D1>(q0, q1, q2, q3, q4, x0, x1, x2, x3, x4));
                (s0, s1, s2, s3, s4) = (q0, q1, q2, q3, q4);
            }
            else
            {
                V tx = S.Zero, ty = S.Zero, tz = S.Zero, ux = S.Zero, uy = S.Zero, uz = S.Zero;
                // g_j on T: what comes back to i.
                Apply<S, V, D3, D1>(t, rowOf, Next, q0, q1, q2, q3, q4, out s0, out s1, out s2, out s3, out s4);
                e = S.Multiply(p, Product<S, V, D1>(s0, s1, s2, s3, s4, x0, x1, x2, x3, x4));
                Turn<S, V, D1>(x0, x1, x2, x3, x4, s0, s1, s2, s3, s4, ref ux, ref uy, ref uz);
                Apply<S, V, D3, D1>(t, rowOf, Next, g0, g1, g2, g3, g4, out V f0, out V f1, out V f2, out V f3, out V f4);
                e = S.Add(e, Product<S, V, D1>(f0, f1, f2, f3, f4, y0, y1, y2, y3, y4));
                Turn<S, V, D1>(y0, y1, y2, y3, y4, f0, f1, f2, f3, f4, ref tx, ref ty, ref tz);
                if (D3.Components > 1)
                {
                    Apply<S, V, D1, D3>(t, Next, rowOf, y0, y1, y2, y3, y4, out f0, out f1, out f2, out f3, out f4);
                    Turn<S, V, D3>(g0, g1, g2, g3, g4, f0, f1, f2, f3, f4, ref tx, ref ty, ref tz);
                    Apply<S, V, D1, D3>(t, Next, rowOf, x0, x1, x2, x3, x4, out f0, out f1, out f2, out f3, out f4);
                    Turn<S, V, D3>(q0, q1, q2, q3, q4, f0, f1, f2, f3, f4, ref ux, ref uy, ref uz);
                }

                AddTo<S, V>(to, w, S.MultiplyAdd(p, ux, tx));
                AddTo<S, V>(to + 16, w, S.MultiplyAdd(p, uy, ty));
                AddTo<S, V>(to + 32, w, S.MultiplyAdd(p, uz, tz));
            }

            AddTo<S, V>(to + 48, S.Load(slopes), e);
            a0 = S.MultiplyAdd(pw, s0, a0);
            if (D1.Components >= 3)
            {
                a1 = S.MultiplyAdd(pw, s1, a1);
                a2 = S.MultiplyAdd(pw, s2, a2);
            }

            if (D1.Components >= 5)
            {
                a3 = S.MultiplyAdd(pw, s3, a3);
                a4 = S.MultiplyAdd(pw, s4, a4);
            }
        }

        V one = S.Create(1);
        float* adjoint = pass->InputAdj + row * pass->InputStride;
        AddTo<S, V>(adjoint, one, a0);
        if (D1.Components >= 3)
        {
            AddTo<S, V>(adjoint + component, one, a1);
            AddTo<S, V>(adjoint + 2 * component, one, a2);
        }

        if (D1.Components >= 5)
        {
            AddTo<S, V>(adjoint + 3 * component, one, a3);
            AddTo<S, V>(adjoint + 4 * component, one, a4);
        }
    }

    /// <summary>Adds up the lanes: [count, 4] into the first floats of every edge's sums.</summary>
    public static void SumLanes<S, V>(float* sums, nint count)
        where S : struct, ISimd<V>
        where V : struct
    {
        for (nint n = 0; n < count; n++, sums += SumsPerEdge)
        {
            float x = S.Sum(S.Load(sums)), y = S.Sum(S.Load(sums + 16)), z = S.Sum(S.Load(sums + 32)), e = S.Sum(S.Load(sums + 48));
            (sums[0], sums[1], sums[2], sums[3]) = (x, y, z, e);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTo<S, V>(float* to, V factor, V value)
        where S : struct, ISimd<V>
        where V : struct => S.Store(to, S.MultiplyAdd(factor, value, S.Load(to)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Read<S, V, D>(float* from, nint next, out V v0, out V v1, out V v2, out V v3, out V v4)
        where S : struct, ISimd<V>
        where V : struct
        where D : struct, IDegree
    {
        v0 = S.Load(from);
        v1 = v2 = v3 = v4 = default;
        if (D.Components >= 3)
        {
            v1 = S.Load(from + next);
            v2 = S.Load(from + 2 * next);
        }

        if (D.Components >= 5)
        {
            v3 = S.Load(from + 3 * next);
            v4 = S.Load(from + 4 * next);
        }
    }

    /// <summary>Scalar product over the components of D.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Product<S, V, D>(V a0, V a1, V a2, V a3, V a4, V b0, V b1, V b2, V b3, V b4)
        where S : struct, ISimd<V>
        where V : struct
        where D : struct, IDegree
    {
        V sum = S.Multiply(a0, b0);
        if (D.Components >= 3)
            sum = S.MultiplyAdd(a2, b2, S.MultiplyAdd(a1, b1, sum));
        if (D.Components >= 5)
            sum = S.MultiplyAdd(a4, b4, S.MultiplyAdd(a3, b3, sum));
        return sum;
    }

    /// <summary>result[k] = sum over the components c of DFrom of t[k * line + c * next] v[c].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Apply<S, V, DFrom, DTo>(float* t, nint next, nint line, V v0, V v1, V v2, V v3, V v4, out V r0, out V r1, out V r2,
        out V r3, out V r4)
        where S : struct, ISimd<V>
        where V : struct
        where DFrom : struct, IDegree
        where DTo : struct, IDegree
    {
        r0 = Line<S, V, DFrom>(t, next, v0, v1, v2, v3, v4);
        r1 = r2 = r3 = r4 = default;
        if (DTo.Components >= 3)
        {
            r1 = Line<S, V, DFrom>(t + line, next, v0, v1, v2, v3, v4);
            r2 = Line<S, V, DFrom>(t + 2 * line, next, v0, v1, v2, v3, v4);
        }

        if (DTo.Components >= 5)
        {
            r3 = Line<S, V, DFrom>(t + 3 * line, next, v0, v1, v2, v3, v4);
            r4 = Line<S, V, DFrom>(t + 4 * line, next, v0, v1, v2, v3, v4);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Line<S, V, D>(float* t, nint next, V v0, V v1, V v2, V v3, V v4)
        where S : struct, ISimd<V>
        where V : struct
        where D : struct, IDegree
    {
        V sum = S.Multiply(S.Create(*t), v0);
        if (D.Components >= 3)
        {
            sum = S.MultiplyAdd(S.Create(t[next]), v1, sum);
            sum = S.MultiplyAdd(S.Create(t[2 * next]), v2, sum);
        }

        if (D.Components >= 5)
        {
            sum = S.MultiplyAdd(S.Create(t[3 * next]), v3, sum);
            sum = S.MultiplyAdd(S.Create(t[4 * next]), v4, sum);
        }

        return sum;
    }

    /// <summary>
    /// Adds a^T J_k b for k = x, y, z. Degree 1 in the order x, y, z; degree 2 in that of e3nn: xz, xy, 2yy-xx-zz, yz, zz-xx.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn<S, V, D>(V a0, V a1, V a2, V a3, V a4, V b0, V b1, V b2, V b3, V b4, ref V x, ref V y, ref V z)
        where S : struct, ISimd<V>
        where V : struct
        where D : struct, IDegree
    {
        if (D.Components == 3)
        {
            x = Minor<S, V>(a2, b1, a1, b2, x);
            y = Minor<S, V>(a0, b2, a2, b0, y);
            z = Minor<S, V>(a1, b0, a0, b1, z);
        }

        if (D.Components == 5)
        {
            V sqrt3 = S.Create(1.7320508f), two = S.Create(2);
            V r0 = S.Multiply(sqrt3, a2), r1 = S.Multiply(sqrt3, b2);
            x = Minor<S, V>(a0, b1, a1, b0, x);
            x = Minor<S, V>(a3, r1, r0, b3, x);
            x = Minor<S, V>(a4, b3, a3, b4, x);
            y = S.MultiplyAdd(two, Minor<S, V>(a0, b4, a4, b0, S.Zero), y);
            y = Minor<S, V>(a1, b3, a3, b1, y);
            z = Minor<S, V>(a3, b0, a0, b3, z);
            z = Minor<S, V>(r0, b1, a1, r1, z);
            z = Minor<S, V>(a4, b1, a1, b4, z);
        }
    }

    /// <summary>a b - c d + sum</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Minor<S, V>(V a, V b, V c, V d, V sum)
        where S : struct, ISimd<V>
        where V : struct => S.NegateMultiplyAdd(c, d, S.MultiplyAdd(a, b, sum));
}
