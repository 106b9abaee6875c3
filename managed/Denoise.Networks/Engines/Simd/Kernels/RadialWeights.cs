using Denoise.Networks.Engines.Simd.Lanes;

namespace Denoise.Networks.Engines.Simd.Kernels;

/// <summary>
/// Radial weights of a batch of edges out of the table (<see cref="Radial.RadialTable"/>), for the kernels that work on several
/// edges at once; lanes are weights. Edges that pad the batch get weights of zero.
/// </summary>
internal static unsafe class RadialWeights
{
    /// <param name="first">column from which on weights are wanted, a multiple of the lanes</param>
    /// <param name="edges">their weights are written</param>
    public static void Run<S, V>(int first, EdgeBatch* edges)
        where S : struct, ISimd<V>
        where V : struct
    {
        nint next = edges->TableWidth;
        float* weights = edges->Weights, basis = edges->Basis;
        for (int n = 0; n < edges->Count; n++, basis++, weights += next)
        {
            float* row = edges->Table + edges->Offsets[n] + first;
            V b0 = S.Create(basis[0]), b1 = S.Create(basis[EdgeBatch.NextBasis]);
            V b2 = S.Create(basis[2 * EdgeBatch.NextBasis]);
            for (float* to = weights + first, end = weights + next; to < end; to += S.Count, row += S.Count)
            {
                V sum = S.Multiply(b0, S.Load(row));
                sum = S.MultiplyAdd(b1, S.Load(row + next), sum);
                S.Store(to, S.MultiplyAdd(b2, S.Load(row + 2 * next), sum));
            }
        }

        for (int n = edges->Count; (n & 3) != 0; n++, weights += next)
            for (float* to = weights + first, end = weights + next; to < end; to += S.Count)
                S.Store(to, S.Zero);
    }
}
