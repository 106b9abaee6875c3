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
        V q0 = S.Zero, q1 = S.Zero, q2 = S.Zero, q3 = S.Zero, q4 = S.Zero;
        nint stride = edges->WeightStride;
        for (int n = 0; n < edges->Count; n += L.Groups)
        {
            float* weights = edges->Weights + n * stride;
            V x = L.Gather(edges->Rows + n, pass->Input);

            scalar = S.MultiplyAdd(L.Load(weights + pass->First.Weight, stride), x, scalar);

            V message = S.Multiply(L.Load(weights + pass->Second.Weight, stride), x);
            vx = S.MultiplyAdd(message, L.Spread(edges->X + n), vx);
            vy = S.MultiplyAdd(message, L.Spread(edges->Y + n), vy);
            vz = S.MultiplyAdd(message, L.Spread(edges->Z + n), vz);

            if (TRank2.Value)
            {
                message = S.Multiply(L.Load(weights + pass->Third.Weight, stride), x);
                float* rank2 = edges->Rank2 + n;
                nint next = edges->Rank2Stride;
                q0 = S.MultiplyAdd(message, L.Spread(rank2), q0);
                q1 = S.MultiplyAdd(message, L.Spread(rank2 + next), q1);
                q2 = S.MultiplyAdd(message, L.Spread(rank2 + 2 * next), q2);
                q3 = S.MultiplyAdd(message, L.Spread(rank2 + 3 * next), q3);
                q4 = S.MultiplyAdd(message, L.Spread(rank2 + 4 * next), q4);
            }
        }

        L.AddSum(aggregate + pass->First.Output, scalar);
        Sums.AddVector<L, V>(aggregate, ref pass->Second, vx, vy, vz);
        if (TRank2.Value)
            Sums.AddRank2<L, V>(aggregate, ref pass->Third, q0, q1, q2, q3, q4);
    }
}
