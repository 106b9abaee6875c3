using Denoise.Networks.Engines.Simd.Lanes;

namespace Denoise.Networks.Engines.Simd.Kernels;

/// <summary>
/// Convolution of scalar features x with the harmonics of the edges' directions e, summed over a batch of edges:
/// <code>
/// first  (0,0,0):  w x
/// second (0,1,1):  w x e
/// third  (0,2,2):  w x S(e, e)      optional
/// </code>
/// S as in <see cref="Sums"/>; the factors of the tensor product (<see cref="Layout.CouplingFactors"/>) are in the weights.
/// </summary>
internal static unsafe class ScalarConvolution
{
    public static void Run<L, S, V, TRank2>(EdgeBatch* edges, ConvolutionPass* pass, float* aggregate)
        where L : struct, ILanes<V>
        where S : struct, ISimd<V>
        where V : struct
        where TRank2 : struct, IFlag
    {
        V scalar = S.Zero, vx = S.Zero, vy = S.Zero, vz = S.Zero;
        V xx = S.Zero, yy = S.Zero, zz = S.Zero, xz = S.Zero, xy = S.Zero, yz = S.Zero;
        nint input = pass->Input;
        float** rows = edges->Rows;
        float* direction = edges->Directions, end = direction + edges->Count;
        var weights = new EdgeWeights<L, S, V>(edges, pass);
        for (; direction < end; direction += L.Groups, rows += L.Groups)
        {
            weights.Move();
            V x = L.Gather(rows, input);
            V ex = L.Spread(direction);
            V ey = L.Spread(direction + EdgeBatch.Next);
            V ez = L.Spread(direction + 2 * EdgeBatch.Next);

            weights.Of(0, out V weight, out V message);
            scalar = S.MultiplyAdd(weight, x, scalar);

            message = S.Multiply(message, x);
            vx = S.MultiplyAdd(message, ex, vx);
            vy = S.MultiplyAdd(message, ey, vy);
            vz = S.MultiplyAdd(message, ez, vz);

            if (TRank2.Value)
            {
                message = S.Multiply(weights.Of(2), x);
                V mx = S.Multiply(message, ex), my = S.Multiply(message, ey), mz = S.Multiply(message, ez);
                xx = S.MultiplyAdd(mx, ex, xx);
                yy = S.MultiplyAdd(my, ey, yy);
                zz = S.MultiplyAdd(mz, ez, zz);
                xz = S.MultiplyAdd(mx, ez, xz);
                xy = S.MultiplyAdd(mx, ey, xy);
                yz = S.MultiplyAdd(my, ez, yz);
            }
        }

        L.AddSum(aggregate + pass->First.Output, scalar);
        Sums.AddVector<L, V>(aggregate, ref pass->Second, vx, vy, vz);
        if (TRank2.Value)
            Sums.AddSymmetric<L, S, V>(aggregate, ref pass->Third, xx, yy, zz, S.Add(xz, xz), S.Add(xy, xy), S.Add(yz, yz));
    }
}
