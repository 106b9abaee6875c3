using Denoise.Networks.Engines.Simd.Lanes;

namespace Denoise.Networks.Engines.Simd.Kernels;

/// <summary>
/// Convolution where all neighbors have the same scalars, which are in the weights (<see cref="Layout.HarmonicPlan"/>): sums over a
/// batch of edges of
/// <code>
/// ToScalars            first  (0,0,0):  w
/// ToVectors            first  (0,1,1):  w e
/// ToRank2              first  (0,2,2):  w S(e, e)
/// ToVectorsAndRank2    first  (0,1,1), second (0,2,2)
/// </code>
/// S as in <see cref="Sums"/>; the factors of the tensor product (<see cref="Layout.CouplingFactors"/>) are in the weights.
/// </summary>
internal static unsafe class HarmonicConvolution
{
    public static void ToScalars<L, S, V>(EdgeBatch* edges, ConvolutionPass* pass, float* aggregate)
        where L : struct, ILanes<V>
        where S : struct, ISimd<V>
        where V : struct
    {
        V sum = S.Zero;
        var weights = new EdgeWeights<L, S, V>(edges, pass);
        for (int n = 0; n < edges->Count; n += L.Groups)
        {
            weights.Move();
            sum = S.Add(sum, weights.Of(0));
        }

        L.AddSum(aggregate + pass->First.Output, sum);
    }

    public static void ToHarmonics<L, S, V, TVectors, TRank2>(EdgeBatch* edges, ConvolutionPass* pass, float* aggregate)
        where L : struct, ILanes<V>
        where S : struct, ISimd<V>
        where V : struct
        where TVectors : struct, IFlag
        where TRank2 : struct, IFlag
    {
        V vx = S.Zero, vy = S.Zero, vz = S.Zero;
        V xx = S.Zero, yy = S.Zero, zz = S.Zero, xz = S.Zero, xy = S.Zero, yz = S.Zero;
        float* direction = edges->Directions, end = direction + edges->Count;
        var weights = new EdgeWeights<L, S, V>(edges, pass);
        for (; direction < end; direction += L.Groups)
        {
            weights.Move();
            V weight, other;
            if (TVectors.Value && TRank2.Value)
                weights.Of(0, out weight, out other);
            else
                weight = other = weights.Of(0);
            V ex = L.Spread(direction);
            V ey = L.Spread(direction + EdgeBatch.Next);
            V ez = L.Spread(direction + 2 * EdgeBatch.Next);
            if (TVectors.Value)
            {
                vx = S.MultiplyAdd(weight, ex, vx);
                vy = S.MultiplyAdd(weight, ey, vy);
                vz = S.MultiplyAdd(weight, ez, vz);
            }

            if (TRank2.Value)
            {
                V mx = S.Multiply(other, ex), my = S.Multiply(other, ey), mz = S.Multiply(other, ez);
                xx = S.MultiplyAdd(mx, ex, xx);
                yy = S.MultiplyAdd(my, ey, yy);
                zz = S.MultiplyAdd(mz, ez, zz);
                xz = S.MultiplyAdd(mx, ez, xz);
                xy = S.MultiplyAdd(mx, ey, xy);
                yz = S.MultiplyAdd(my, ez, yz);
            }
        }

        if (TVectors.Value)
            Sums.AddVector<L, V>(aggregate, ref pass->First, vx, vy, vz);
        if (TRank2.Value)
            Sums.AddSymmetric<L, S, V>(aggregate, ref TVectors.Value ? ref pass->Second : ref pass->First,
                xx, yy, zz, S.Add(xz, xz), S.Add(xy, xy), S.Add(yz, yz));
    }
}
