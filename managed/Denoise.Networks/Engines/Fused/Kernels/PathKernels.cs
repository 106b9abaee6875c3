using System.Runtime.CompilerServices;
using Denoise.Networks.Engines.Simd.Lanes;

namespace Denoise.Networks.Engines.Fused.Kernels;

/// <summary>
/// One path of the convolution, summed over edges; lanes are channels u. With the coupling matrix
/// <c>T[m3, m1] = factor sum_m2 Wigner3j[m1, m2, m3] Y[m2]</c> of an edge,
/// <code>
/// forward    sum_i[m3]  += T[m3, m1] (w h_j[m1])                          over the neighbors j, Y of r_i - r_j
/// backward   s[m1]       = T[m3, m1] sumAdj_j[m3]                         Y of r_j - r_i: atom i as the sender
///            wAdj        = h_i[m1] s[m1]
///            hAdj_i[m1] += w s[m1]
/// </code>
/// The list holds each pair both ways, so that the backward pass reads where it would have to scatter. TDiagonal: l2 = 0, where T
/// is the unit matrix. Branches on degrees are decided by the compiler.
/// </summary>
internal static unsafe class PathKernels
{
    private const nint Next = EdgeBlock.Capacity;

    public static void Forward<S, V, D1, D3, TDiagonal>(EdgeBlock* edges, PathPass* pass, nint atom)
        where S : struct, ISimd<V>
        where V : struct
        where D1 : struct, IDegree
        where D3 : struct, IDegree
        where TDiagonal : struct, IFlag
    {
        V s0 = S.Zero, s1 = S.Zero, s2 = S.Zero, s3 = S.Zero, s4 = S.Zero, s5 = S.Zero, s6 = S.Zero;
        nint component = pass->Channels;
        float* weights = edges->Weights + pass->Weight;
        float* t = edges->Couplings + pass->Coupling * Next;
        for (int n = 0; n < edges->Count; n++, weights += edges->WeightStride, t++)
        {
            float* h = pass->Input + edges->Neighbors[n] * pass->InputStride;
            V w = S.Load(weights), x0 = S.Multiply(w, S.Load(h));
            V x1 = default, x2 = default, x3 = default, x4 = default, x5 = default, x6 = default;
            if (D1.Components >= 3)
            {
                x1 = S.Multiply(w, S.Load(h + component));
                x2 = S.Multiply(w, S.Load(h + 2 * component));
            }

            if (D1.Components >= 5)
            {
                x3 = S.Multiply(w, S.Load(h + 3 * component));
                x4 = S.Multiply(w, S.Load(h + 4 * component));
            }

            if (D1.Components >= 7)
            {
                x5 = S.Multiply(w, S.Load(h + 5 * component));
                x6 = S.Multiply(w, S.Load(h + 6 * component));
            }

            if (TDiagonal.Value)
            {
                s0 = S.Add(s0, x0);
                s1 = S.Add(s1, x1);
                s2 = S.Add(s2, x2);
                s3 = S.Add(s3, x3);
                s4 = S.Add(s4, x4);
                s5 = S.Add(s5, x5);
                s6 = S.Add(s6, x6);
                continue;
            }

            nint row = D1.Components * Next;
            s0 = Dot<S, V, D1>(t, Next, x0, x1, x2, x3, x4, x5, x6, s0);
            if (D3.Components >= 3)
            {
                s1 = Dot<S, V, D1>(t + row, Next, x0, x1, x2, x3, x4, x5, x6, s1);
                s2 = Dot<S, V, D1>(t + 2 * row, Next, x0, x1, x2, x3, x4, x5, x6, s2);
            }

            if (D3.Components >= 5)
            {
                s3 = Dot<S, V, D1>(t + 3 * row, Next, x0, x1, x2, x3, x4, x5, x6, s3);
                s4 = Dot<S, V, D1>(t + 4 * row, Next, x0, x1, x2, x3, x4, x5, x6, s4);
            }

            if (D3.Components >= 7)
            {
                s5 = Dot<S, V, D1>(t + 5 * row, Next, x0, x1, x2, x3, x4, x5, x6, s5);
                s6 = Dot<S, V, D1>(t + 6 * row, Next, x0, x1, x2, x3, x4, x5, x6, s6);
            }
        }

        float* sums = pass->Sums + atom * pass->SumStride;
        if (edges->IsFirst)
            Write<S, V, D3>(sums, component, s0, s1, s2, s3, s4, s5, s6);
        else
            AddTo<S, V, D3>(sums, component, s0, s1, s2, s3, s4, s5, s6);
    }

    /// <param name="edges">of the atom, couplings of the opposite directions</param>
    /// <param name="pass">the path</param>
    /// <param name="atom">the atom</param>
    /// <param name="row">its row of the adjoint of h</param>
    public static void Backward<S, V, D1, D3, TDiagonal>(EdgeBlock* edges, PathPass* pass, nint atom, nint row)
        where S : struct, ISimd<V>
        where V : struct
        where D1 : struct, IDegree
        where D3 : struct, IDegree
        where TDiagonal : struct, IFlag
    {
        nint component = pass->Channels;
        float* h = pass->Input + atom * pass->InputStride;
        V x0 = S.Load(h), x1 = default, x2 = default, x3 = default, x4 = default, x5 = default, x6 = default;
        if (D1.Components >= 3)
        {
            x1 = S.Load(h + component);
            x2 = S.Load(h + 2 * component);
        }

        if (D1.Components >= 5)
        {
            x3 = S.Load(h + 3 * component);
            x4 = S.Load(h + 4 * component);
        }

        if (D1.Components >= 7)
        {
            x5 = S.Load(h + 5 * component);
            x6 = S.Load(h + 6 * component);
        }

        V a0 = S.Zero, a1 = S.Zero, a2 = S.Zero, a3 = S.Zero, a4 = S.Zero, a5 = S.Zero, a6 = S.Zero;
        float* weights = edges->Weights + pass->Weight, weightsAdj = edges->WeightsAdj + pass->Weight;
        float* t = edges->Couplings + pass->Coupling * Next;
        for (int n = 0; n < edges->Count; n++, weights += edges->WeightStride, weightsAdj += edges->WeightStride, t++)
        {
            float* adj = pass->SumsAdj + edges->Neighbors[n] * pass->SumStride;
            V w = S.Load(weights), g0 = S.Load(adj);
            V g1 = default, g2 = default, g3 = default, g4 = default, g5 = default, g6 = default;
            if (D3.Components >= 3)
            {
                g1 = S.Load(adj + component);
                g2 = S.Load(adj + 2 * component);
            }

            if (D3.Components >= 5)
            {
                g3 = S.Load(adj + 3 * component);
                g4 = S.Load(adj + 4 * component);
            }

            if (D3.Components >= 7)
            {
                g5 = S.Load(adj + 5 * component);
                g6 = S.Load(adj + 6 * component);
            }

            const nint column = Next;
            nint next = D1.Components * Next;
            V s = TDiagonal.Value ? g0 : Dot<S, V, D3>(t, next, g0, g1, g2, g3, g4, g5, g6, S.Zero);
            V wAdj = S.Multiply(x0, s);
            a0 = S.MultiplyAdd(w, s, a0);
            if (D1.Components >= 3)
            {
                s = TDiagonal.Value ? g1 : Dot<S, V, D3>(t + column, next, g0, g1, g2, g3, g4, g5, g6, S.Zero);
                wAdj = S.MultiplyAdd(x1, s, wAdj);
                a1 = S.MultiplyAdd(w, s, a1);
                s = TDiagonal.Value ? g2 : Dot<S, V, D3>(t + 2 * column, next, g0, g1, g2, g3, g4, g5, g6, S.Zero);
                wAdj = S.MultiplyAdd(x2, s, wAdj);
                a2 = S.MultiplyAdd(w, s, a2);
            }

            if (D1.Components >= 5)
            {
                s = TDiagonal.Value ? g3 : Dot<S, V, D3>(t + 3 * column, next, g0, g1, g2, g3, g4, g5, g6, S.Zero);
                wAdj = S.MultiplyAdd(x3, s, wAdj);
                a3 = S.MultiplyAdd(w, s, a3);
                s = TDiagonal.Value ? g4 : Dot<S, V, D3>(t + 4 * column, next, g0, g1, g2, g3, g4, g5, g6, S.Zero);
                wAdj = S.MultiplyAdd(x4, s, wAdj);
                a4 = S.MultiplyAdd(w, s, a4);
            }

            if (D1.Components >= 7)
            {
                s = TDiagonal.Value ? g5 : Dot<S, V, D3>(t + 5 * column, next, g0, g1, g2, g3, g4, g5, g6, S.Zero);
                wAdj = S.MultiplyAdd(x5, s, wAdj);
                a5 = S.MultiplyAdd(w, s, a5);
                s = TDiagonal.Value ? g6 : Dot<S, V, D3>(t + 6 * column, next, g0, g1, g2, g3, g4, g5, g6, S.Zero);
                wAdj = S.MultiplyAdd(x6, s, wAdj);
                a6 = S.MultiplyAdd(w, s, a6);
            }

            S.Store(weightsAdj, wAdj);
        }

        AddTo<S, V, D1>(pass->InputAdj + row * pass->InputStride, component, a0, a1, a2, a3, a4, a5, a6);
    }

    /// <summary>sum + t . x over the components of D.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Dot<S, V, D>(float* t, nint next, V x0, V x1, V x2, V x3, V x4, V x5, V x6, V sum)
        where S : struct, ISimd<V>
        where V : struct
        where D : struct, IDegree
    {
        sum = S.MultiplyAdd(S.Create(*t), x0, sum);
        if (D.Components >= 3)
        {
            sum = S.MultiplyAdd(S.Create(t[next]), x1, sum);
            sum = S.MultiplyAdd(S.Create(t[2 * next]), x2, sum);
        }

        if (D.Components >= 5)
        {
            sum = S.MultiplyAdd(S.Create(t[3 * next]), x3, sum);
            sum = S.MultiplyAdd(S.Create(t[4 * next]), x4, sum);
        }

        if (D.Components >= 7)
        {
            sum = S.MultiplyAdd(S.Create(t[5 * next]), x5, sum);
            sum = S.MultiplyAdd(S.Create(t[6 * next]), x6, sum);
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write<S, V, D>(float* to, nint next, V s0, V s1, V s2, V s3, V s4, V s5, V s6)
        where S : struct, ISimd<V>
        where V : struct
        where D : struct, IDegree
    {
        S.Store(to, s0);
        if (D.Components >= 3)
        {
            S.Store(to + next, s1);
            S.Store(to + 2 * next, s2);
        }

        if (D.Components >= 5)
        {
            S.Store(to + 3 * next, s3);
            S.Store(to + 4 * next, s4);
        }

        if (D.Components >= 7)
        {
            S.Store(to + 5 * next, s5);
            S.Store(to + 6 * next, s6);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTo<S, V, D>(float* to, nint next, V s0, V s1, V s2, V s3, V s4, V s5, V s6)
        where S : struct, ISimd<V>
        where V : struct
        where D : struct, IDegree
    {
        s0 = S.Add(S.Load(to), s0);
        if (D.Components >= 3)
        {
            s1 = S.Add(S.Load(to + next), s1);
            s2 = S.Add(S.Load(to + 2 * next), s2);
        }

        if (D.Components >= 5)
        {
            s3 = S.Add(S.Load(to + 3 * next), s3);
            s4 = S.Add(S.Load(to + 4 * next), s4);
        }

        if (D.Components >= 7)
        {
            s5 = S.Add(S.Load(to + 5 * next), s5);
            s6 = S.Add(S.Load(to + 6 * next), s6);
        }

        Write<S, V, D>(to, next, s0, s1, s2, s3, s4, s5, s6);
    }
}
