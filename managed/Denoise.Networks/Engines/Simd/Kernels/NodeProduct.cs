using System.Runtime.CompilerServices;
using Denoise.Networks.Engines.Simd.Lanes;

namespace Denoise.Networks.Engines.Simd.Kernels;

/// <summary>
/// The product of four atoms' features with their species' matrix, channel by channel and the same for every component:
/// <code>out_a[m, v] += factor_a * sum_u W[u, v] in_a[m, u]     a = 0 .. 3</code>
/// Lanes hold output channels v; a tile of fewer outputs than lanes takes Groups inputs u per step instead, lane (v, g) for
/// u = step * Groups + g. Weights are stored as the steps read them. One kernel per degree, so that the sums of all components
/// stay in registers while each weight is loaded once for all atoms.
/// </summary>
internal static unsafe class NodeProduct
{
    /// <summary>Atoms of a call.</summary>
    public const int Atoms = 4;

    public static void Degree0<L, S, V>(ProductTile* tile, float* weights, float** inputs, float** outputs, float* factors)
        where L : struct, ILanes<V>
        where S : struct, ISimd<V>
        where V : struct
    {
        // Two sums per atom, because one would wait for each multiply-add before the next.
        V even0 = S.Zero, even1 = S.Zero, even2 = S.Zero, even3 = S.Zero;
        V odd0 = S.Zero, odd1 = S.Zero, odd2 = S.Zero, odd3 = S.Zero;
        float* w = weights + tile->Weights;
        float* x0 = inputs[0] + tile->Input, x1 = inputs[1] + tile->Input;
        float* x2 = inputs[2] + tile->Input, x3 = inputs[3] + tile->Input;
        nint u = 0, channels = tile->InputChannels;
        for (; u + 2 * L.Groups <= channels; u += 2 * L.Groups, w += 2 * S.Count)
        {
            V weight = S.Load(w);
            even0 = S.MultiplyAdd(weight, L.Repeat(x0 + u), even0);
            even1 = S.MultiplyAdd(weight, L.Repeat(x1 + u), even1);
            even2 = S.MultiplyAdd(weight, L.Repeat(x2 + u), even2);
            even3 = S.MultiplyAdd(weight, L.Repeat(x3 + u), even3);
            weight = S.Load(w + S.Count);
            odd0 = S.MultiplyAdd(weight, L.Repeat(x0 + u + L.Groups), odd0);
            odd1 = S.MultiplyAdd(weight, L.Repeat(x1 + u + L.Groups), odd1);
            odd2 = S.MultiplyAdd(weight, L.Repeat(x2 + u + L.Groups), odd2);
            odd3 = S.MultiplyAdd(weight, L.Repeat(x3 + u + L.Groups), odd3);
        }

        if (u < channels)
        {
            V weight = S.Load(w);
            even0 = S.MultiplyAdd(weight, L.Repeat(x0 + u), even0);
            even1 = S.MultiplyAdd(weight, L.Repeat(x1 + u), even1);
            even2 = S.MultiplyAdd(weight, L.Repeat(x2 + u), even2);
            even3 = S.MultiplyAdd(weight, L.Repeat(x3 + u), even3);
        }

        L.AddInterleavedSum(outputs[0] + tile->Output, S.Add(even0, odd0), factors[0]);
        L.AddInterleavedSum(outputs[1] + tile->Output, S.Add(even1, odd1), factors[1]);
        L.AddInterleavedSum(outputs[2] + tile->Output, S.Add(even2, odd2), factors[2]);
        L.AddInterleavedSum(outputs[3] + tile->Output, S.Add(even3, odd3), factors[3]);
    }

    public static void Degree1<L, S, V>(ProductTile* tile, float* weights, float** inputs, float** outputs, float* factors)
        where L : struct, ILanes<V>
        where S : struct, ISimd<V>
        where V : struct
    {
        // Letters are components, numbers atoms.
        V a0 = S.Zero, b0 = S.Zero, c0 = S.Zero, a1 = S.Zero, b1 = S.Zero, c1 = S.Zero;
        V a2 = S.Zero, b2 = S.Zero, c2 = S.Zero, a3 = S.Zero, b3 = S.Zero, c3 = S.Zero;
        float* w = weights + tile->Weights;
        nint next = tile->InputStride;
        float* x0 = inputs[0] + tile->Input, x1 = inputs[1] + tile->Input;
        float* x2 = inputs[2] + tile->Input, x3 = inputs[3] + tile->Input;
        for (nint u = 0; u < tile->InputChannels; u += L.Groups, w += S.Count)
        {
            V weight = S.Load(w);
            a0 = S.MultiplyAdd(weight, L.Repeat(x0 + u), a0);
            a1 = S.MultiplyAdd(weight, L.Repeat(x1 + u), a1);
            a2 = S.MultiplyAdd(weight, L.Repeat(x2 + u), a2);
            a3 = S.MultiplyAdd(weight, L.Repeat(x3 + u), a3);
            nint second = u + next, third = second + next;
            b0 = S.MultiplyAdd(weight, L.Repeat(x0 + second), b0);
            b1 = S.MultiplyAdd(weight, L.Repeat(x1 + second), b1);
            b2 = S.MultiplyAdd(weight, L.Repeat(x2 + second), b2);
            b3 = S.MultiplyAdd(weight, L.Repeat(x3 + second), b3);
            c0 = S.MultiplyAdd(weight, L.Repeat(x0 + third), c0);
            c1 = S.MultiplyAdd(weight, L.Repeat(x1 + third), c1);
            c2 = S.MultiplyAdd(weight, L.Repeat(x2 + third), c2);
            c3 = S.MultiplyAdd(weight, L.Repeat(x3 + third), c3);
        }

        AddVector<L, V>(outputs[0], tile, a0, b0, c0, factors[0]);
        AddVector<L, V>(outputs[1], tile, a1, b1, c1, factors[1]);
        AddVector<L, V>(outputs[2], tile, a2, b2, c2, factors[2]);
        AddVector<L, V>(outputs[3], tile, a3, b3, c3, factors[3]);
    }

    public static void Degree2<L, S, V>(ProductTile* tile, float* weights, float** inputs, float** outputs, float* factors)
        where L : struct, ILanes<V>
        where S : struct, ISimd<V>
        where V : struct
    {
        // Two atoms at a time: four would need more sums than there are registers.
        for (int atom = 0; atom < Atoms; atom += 2)
        {
            V a0 = S.Zero, b0 = S.Zero, c0 = S.Zero, d0 = S.Zero, e0 = S.Zero;
            V a1 = S.Zero, b1 = S.Zero, c1 = S.Zero, d1 = S.Zero, e1 = S.Zero;
            float* w = weights + tile->Weights;
            nint next = tile->InputStride;
            float* x0 = inputs[atom] + tile->Input, x1 = inputs[atom + 1] + tile->Input;
            float* end = x0 + tile->InputChannels;
            for (; x0 < end; x0 += L.Groups, x1 += L.Groups, w += S.Count)
            {
                V weight = S.Load(w);
                a0 = S.MultiplyAdd(weight, L.Repeat(x0), a0);
                a1 = S.MultiplyAdd(weight, L.Repeat(x1), a1);
                b0 = S.MultiplyAdd(weight, L.Repeat(x0 + next), b0);
                b1 = S.MultiplyAdd(weight, L.Repeat(x1 + next), b1);
                c0 = S.MultiplyAdd(weight, L.Repeat(x0 + 2 * next), c0);
                c1 = S.MultiplyAdd(weight, L.Repeat(x1 + 2 * next), c1);
                d0 = S.MultiplyAdd(weight, L.Repeat(x0 + 3 * next), d0);
                d1 = S.MultiplyAdd(weight, L.Repeat(x1 + 3 * next), d1);
                e0 = S.MultiplyAdd(weight, L.Repeat(x0 + 4 * next), e0);
                e1 = S.MultiplyAdd(weight, L.Repeat(x1 + 4 * next), e1);
            }

            AddRank2<L, V>(outputs[atom], tile, a0, b0, c0, d0, e0, factors[atom]);
            AddRank2<L, V>(outputs[atom + 1], tile, a1, b1, c1, d1, e1, factors[atom + 1]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddVector<L, V>(float* output, ProductTile* tile, V a, V b, V c, float factor)
        where L : struct, ILanes<V>
        where V : struct
    {
        output += tile->Output;
        L.AddInterleavedSum(output, a, factor);
        L.AddInterleavedSum(output + tile->OutputStride, b, factor);
        L.AddInterleavedSum(output + 2 * tile->OutputStride, c, factor);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRank2<L, V>(float* output, ProductTile* tile, V a, V b, V c, V d, V e, float factor)
        where L : struct, ILanes<V>
        where V : struct
    {
        AddVector<L, V>(output, tile, a, b, c, factor);
        output += tile->Output;
        L.AddInterleavedSum(output + 3 * tile->OutputStride, d, factor);
        L.AddInterleavedSum(output + 4 * tile->OutputStride, e, factor);
    }
}
