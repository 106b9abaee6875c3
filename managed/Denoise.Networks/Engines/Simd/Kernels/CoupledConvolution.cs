using System.Runtime.CompilerServices;
using Denoise.Networks.Engines.Simd.Lanes;

namespace Denoise.Networks.Engines.Simd.Kernels;

/// <summary>
/// Convolution by coupling matrices, one path (l1, l2, l3) at a time, summed over a batch of edges: what degree 3 takes part in, and
/// the vector algebra of the other kernels does not know.
/// <code>
/// Run        first  w T[m3, m1] x[m1]        T as in <see cref="CouplingProgram"/>
/// Pass       first  w x                      l2 = 0
/// Harmonic   first  w T[m3]                  the neighbors' scalars are in the weights, see <see cref="HarmonicConvolution"/>
/// </code>
/// Branches on degrees are decided by the compiler.
/// </summary>
internal static unsafe class CoupledConvolution
{
    private const nint Next = EdgeBatch.Capacity;

    public static void Run<L, S, V, D1, D3>(EdgeBatch* edges, ConvolutionPass* pass, float* aggregate)
        where L : struct, ILanes<V>
        where S : struct, ISimd<V>
        where V : struct
        where D1 : struct, IDegree
        where D3 : struct, IDegree
    {
        V s0 = S.Zero, s1 = S.Zero, s2 = S.Zero, s3 = S.Zero, s4 = S.Zero, s5 = S.Zero, s6 = S.Zero;
        nint input = pass->Input, component = pass->InputStride;
        const nint next = Next;
        nint row = D1.Components * next;
        float** rows = edges->Rows;
        float* t = edges->Couplings + pass->Coupling * next, end = t + edges->Count;
        var weights = new EdgeWeights<L, S, V>(edges, pass);
        for (; t < end; t += L.Groups, rows += L.Groups)
        {
            weights.Move();
            V w = weights.Of(0), x0 = S.Multiply(w, L.Gather(rows, input));
            V x1 = default, x2 = default, x3 = default, x4 = default, x5 = default, x6 = default;
            if (D1.Components >= 3)
            {
                x1 = S.Multiply(w, L.Gather(rows, input + component));
                x2 = S.Multiply(w, L.Gather(rows, input + 2 * component));
            }

            if (D1.Components >= 5)
            {
                x3 = S.Multiply(w, L.Gather(rows, input + 3 * component));
                x4 = S.Multiply(w, L.Gather(rows, input + 4 * component));
            }

            if (D1.Components >= 7)
            {
                x5 = S.Multiply(w, L.Gather(rows, input + 5 * component));
                x6 = S.Multiply(w, L.Gather(rows, input + 6 * component));
            }

            s0 = Dot<L, S, V, D1>(t, x0, x1, x2, x3, x4, x5, x6, s0);
            if (D3.Components >= 3)
            {
                s1 = Dot<L, S, V, D1>(t + row, x0, x1, x2, x3, x4, x5, x6, s1);
                s2 = Dot<L, S, V, D1>(t + 2 * row, x0, x1, x2, x3, x4, x5, x6, s2);
            }

            if (D3.Components >= 5)
            {
                s3 = Dot<L, S, V, D1>(t + 3 * row, x0, x1, x2, x3, x4, x5, x6, s3);
                s4 = Dot<L, S, V, D1>(t + 4 * row, x0, x1, x2, x3, x4, x5, x6, s4);
            }

            if (D3.Components >= 7)
            {
                s5 = Dot<L, S, V, D1>(t + 5 * row, x0, x1, x2, x3, x4, x5, x6, s5);
                s6 = Dot<L, S, V, D1>(t + 6 * row, x0, x1, x2, x3, x4, x5, x6, s6);
            }
        }

        Sums.Add<L, V, D3>(aggregate, ref pass->First, s0, s1, s2, s3, s4, s5, s6);
    }

    public static void Pass<L, S, V, D>(EdgeBatch* edges, ConvolutionPass* pass, float* aggregate)
        where L : struct, ILanes<V>
        where S : struct, ISimd<V>
        where V : struct
        where D : struct, IDegree
    {
        V s0 = S.Zero, s1 = S.Zero, s2 = S.Zero, s3 = S.Zero, s4 = S.Zero, s5 = S.Zero, s6 = S.Zero;
        nint input = pass->Input, component = pass->InputStride;
        float** rows = edges->Rows, end = rows + edges->Count;
        var weights = new EdgeWeights<L, S, V>(edges, pass);
        for (; rows < end; rows += L.Groups)
        {
            weights.Move();
            V w = weights.Of(0);
            s0 = S.MultiplyAdd(w, L.Gather(rows, input), s0);
            if (D.Components >= 3)
            {
                s1 = S.MultiplyAdd(w, L.Gather(rows, input + component), s1);
                s2 = S.MultiplyAdd(w, L.Gather(rows, input + 2 * component), s2);
            }

            if (D.Components >= 5)
            {
                s3 = S.MultiplyAdd(w, L.Gather(rows, input + 3 * component), s3);
                s4 = S.MultiplyAdd(w, L.Gather(rows, input + 4 * component), s4);
            }

            if (D.Components >= 7)
            {
                s5 = S.MultiplyAdd(w, L.Gather(rows, input + 5 * component), s5);
                s6 = S.MultiplyAdd(w, L.Gather(rows, input + 6 * component), s6);
            }
        }

        Sums.Add<L, V, D>(aggregate, ref pass->First, s0, s1, s2, s3, s4, s5, s6);
    }

    public static void Harmonic<L, S, V, D>(EdgeBatch* edges, ConvolutionPass* pass, float* aggregate)
        where L : struct, ILanes<V>
        where S : struct, ISimd<V>
        where V : struct
        where D : struct, IDegree
    {
        V s0 = S.Zero, s1 = S.Zero, s2 = S.Zero, s3 = S.Zero, s4 = S.Zero, s5 = S.Zero, s6 = S.Zero;
        float* t = edges->Couplings + pass->Coupling * Next, end = t + edges->Count;
        var weights = new EdgeWeights<L, S, V>(edges, pass);
        for (; t < end; t += L.Groups)
        {
            weights.Move();
            V w = weights.Of(0);
            s0 = S.MultiplyAdd(w, L.Spread(t), s0);
            if (D.Components >= 3)
            {
                s1 = S.MultiplyAdd(w, L.Spread(t + Next), s1);
                s2 = S.MultiplyAdd(w, L.Spread(t + 2 * Next), s2);
            }

            if (D.Components >= 5)
            {
                s3 = S.MultiplyAdd(w, L.Spread(t + 3 * Next), s3);
                s4 = S.MultiplyAdd(w, L.Spread(t + 4 * Next), s4);
            }

            if (D.Components >= 7)
            {
                s5 = S.MultiplyAdd(w, L.Spread(t + 5 * Next), s5);
                s6 = S.MultiplyAdd(w, L.Spread(t + 6 * Next), s6);
            }
        }

        Sums.Add<L, V, D>(aggregate, ref pass->First, s0, s1, s2, s3, s4, s5, s6);
    }

    /// <summary>sum + t . x over the components of D.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Dot<L, S, V, D>(float* t, V x0, V x1, V x2, V x3, V x4, V x5, V x6, V sum)
        where L : struct, ILanes<V>
        where S : struct, ISimd<V>
        where V : struct
        where D : struct, IDegree
    {
        sum = S.MultiplyAdd(L.Spread(t), x0, sum);
        if (D.Components >= 3)
        {
            sum = S.MultiplyAdd(L.Spread(t + Next), x1, sum);
            sum = S.MultiplyAdd(L.Spread(t + 2 * Next), x2, sum);
        }

        if (D.Components >= 5)
        {
            sum = S.MultiplyAdd(L.Spread(t + 3 * Next), x3, sum);
            sum = S.MultiplyAdd(L.Spread(t + 4 * Next), x4, sum);
        }

        if (D.Components >= 7)
        {
            sum = S.MultiplyAdd(L.Spread(t + 5 * Next), x5, sum);
            sum = S.MultiplyAdd(L.Spread(t + 6 * Next), x6, sum);
        }

        return sum;
    }
}
