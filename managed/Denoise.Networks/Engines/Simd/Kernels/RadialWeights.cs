using Denoise.Networks.Engines.Simd.Lanes;

namespace Denoise.Networks.Engines.Simd.Kernels;

/// <summary>
/// Radial weights of a batch of edges out of the table (<see cref="Radial.RadialTable"/>); lanes are weights. Edges that pad the
/// batch get weights of zero.
/// </summary>
internal static unsafe class RadialWeights
{
    /// <param name="rows">table</param>
    /// <param name="width">weights of an edge, whole vectors</param>
    /// <param name="interval">[count] interval of each edge</param>
    /// <param name="fraction">[count] place within it</param>
    /// <param name="count">edges</param>
    /// <param name="padded">edges with those that pad</param>
    /// <param name="weights">[padded, width] result</param>
    public static void Run<S, V>(float* rows, int width, int* interval, float* fraction, int count, int padded, float* weights)
        where S : struct, ISimd<V>
        where V : struct
    {
        nint next = width;
        for (int n = 0; n < count; n++)
        {
            float* row = rows + interval[n] * (4 * next);
            float* end = row + next;
            V t = S.Create(fraction[n]);
            for (; row < end; row += S.Count, weights += S.Count)
            {
                V sum = S.MultiplyAdd(S.Load(row + 3 * next), t, S.Load(row + 2 * next));
                sum = S.MultiplyAdd(sum, t, S.Load(row + next));
                S.Store(weights, S.MultiplyAdd(sum, t, S.Load(row)));
            }
        }

        for (float* end = weights + (padded - count) * next; weights < end; weights += S.Count)
            S.Store(weights, S.Zero);
    }
}
