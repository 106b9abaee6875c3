using Denoise.Networks.Engines.Simd.Lanes;

namespace Denoise.Networks.Engines.Simd.Kernels;

/// <summary>
/// Radial weights of a batch of edges out of the table (<see cref="Radial.RadialTable"/>); lanes are weights. Edges that pad the batch get weights of zero.
/// </summary>
internal static unsafe class RadialWeights
{
    /// <param name="rows">table</param>
    /// <param name="width">weights of an edge, whole vectors</param>
    /// <param name="edges">their weights are written</param>
    public static void Run<S, V>(float* rows, int width, EdgeBatch* edges)
        where S : struct, ISimd<V>
        where V : struct
    {
        nint next = width;
        float* weights = edges->Weights, basis = edges->Basis;
        for (int n = 0; n < edges->Count; n++, basis++)
        {
            float* row = rows + edges->Intervals[n] * next;
            V b0 = S.Create(basis[0]), b1 = S.Create(basis[EdgeBatch.NextBasis]);
            V b2 = S.Create(basis[2 * EdgeBatch.NextBasis]), b3 = S.Create(basis[3 * EdgeBatch.NextBasis]);
            for (float* end = weights + next; weights < end; weights += S.Count, row += S.Count)
            {
                V sum = S.Multiply(b0, S.Load(row));
                sum = S.MultiplyAdd(b1, S.Load(row + next), sum);
                sum = S.MultiplyAdd(b2, S.Load(row + 2 * next), sum);
                S.Store(weights, S.MultiplyAdd(b3, S.Load(row + 3 * next), sum));
            }
        }

        for (float* end = edges->Weights + ((edges->Count + 3) & ~3) * next; weights < end; weights += S.Count)
            S.Store(weights, S.Zero);
    }
}
