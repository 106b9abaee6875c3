using Denoise.Networks.Engines.Simd.Lanes;

namespace Denoise.Networks.Engines.Simd.Kernels;

/// <summary>
/// The product of an atom's features with a species' matrix, channel by channel and the same for every component:
/// <code>out[m, v] += factor * sum_u W[u, v] in[m, u]</code>
/// Lanes hold output channels v; a tile of fewer outputs than lanes takes Groups inputs u per step instead, lane (v, g) for
/// u = step * Groups + g. Weights are stored as the steps read them. One kernel per degree, so that the sums of all components
/// stay in registers while each weight is loaded once.
/// </summary>
internal static unsafe class NodeProduct
{
    public static void Degree0<L, S, V>(ProductTile* tile, float* weights, float* input, float* output, float factor)
        where L : struct, ILanes<V>
        where S : struct, ISimd<V>
        where V : struct
    {
        // Two sums, because one would wait for each multiply-add before the next.
        V even = S.Zero, odd = S.Zero;
        float* w = weights + tile->Weights;
        float* x = input + tile->Input;
        int steps = tile->InputChannels / L.Groups;
        int k = 0;
        for (; k + 2 <= steps; k += 2)
        {
            even = S.MultiplyAdd(S.Load(w), L.Repeat(x), even);
            odd = S.MultiplyAdd(S.Load(w + S.Count), L.Repeat(x + L.Groups), odd);
            w += 2 * S.Count;
            x += 2 * L.Groups;
        }

        if (k < steps)
            even = S.MultiplyAdd(S.Load(w), L.Repeat(x), even);
        L.AddInterleavedSum(output + tile->Output, S.Add(even, odd), factor);
    }

    public static void Degree1<L, S, V>(ProductTile* tile, float* weights, float* input, float* output, float factor)
        where L : struct, ILanes<V>
        where S : struct, ISimd<V>
        where V : struct
    {
        V s0 = S.Zero, s1 = S.Zero, s2 = S.Zero;
        float* w = weights + tile->Weights;
        float* x = input + tile->Input;
        nint next = tile->InputStride;
        for (int u = 0; u < tile->InputChannels; u += L.Groups)
        {
            V weight = S.Load(w);
            s0 = S.MultiplyAdd(weight, L.Repeat(x), s0);
            s1 = S.MultiplyAdd(weight, L.Repeat(x + next), s1);
            s2 = S.MultiplyAdd(weight, L.Repeat(x + 2 * next), s2);
            w += S.Count;
            x += L.Groups;
        }

        output += tile->Output;
        next = tile->OutputStride;
        L.AddInterleavedSum(output, s0, factor);
        L.AddInterleavedSum(output + next, s1, factor);
        L.AddInterleavedSum(output + 2 * next, s2, factor);
    }

    public static void Degree2<L, S, V>(ProductTile* tile, float* weights, float* input, float* output, float factor)
        where L : struct, ILanes<V>
        where S : struct, ISimd<V>
        where V : struct
    {
        V s0 = S.Zero, s1 = S.Zero, s2 = S.Zero, s3 = S.Zero, s4 = S.Zero;
        float* w = weights + tile->Weights;
        float* x = input + tile->Input;
        nint next = tile->InputStride;
        for (int u = 0; u < tile->InputChannels; u += L.Groups)
        {
            V weight = S.Load(w);
            s0 = S.MultiplyAdd(weight, L.Repeat(x), s0);
            s1 = S.MultiplyAdd(weight, L.Repeat(x + next), s1);
            s2 = S.MultiplyAdd(weight, L.Repeat(x + 2 * next), s2);
            s3 = S.MultiplyAdd(weight, L.Repeat(x + 3 * next), s3);
            s4 = S.MultiplyAdd(weight, L.Repeat(x + 4 * next), s4);
            w += S.Count;
            x += L.Groups;
        }

        output += tile->Output;
        next = tile->OutputStride;
        L.AddInterleavedSum(output, s0, factor);
        L.AddInterleavedSum(output + next, s1, factor);
        L.AddInterleavedSum(output + 2 * next, s2, factor);
        L.AddInterleavedSum(output + 3 * next, s3, factor);
        L.AddInterleavedSum(output + 4 * next, s4, factor);
    }
}
