using System.Runtime.CompilerServices;
using Denoise.Networks.Engines.Simd.Lanes;

namespace Denoise.Networks.Engines.Simd.Kernels;

/// <summary>
/// The radial weights of a pass, edge after edge, straight out of the table (<see cref="Radial.RadialTable"/>): its rows arrive from
/// the second cache while the kernel multiplies. A vector that holds several edges takes as many paths out of the row of each, in
/// which they lie side by side, and deals them out.
/// </summary>
internal unsafe struct EdgeWeights<L, S, V>
    where L : struct, ILanes<V>
    where S : struct, ISimd<V>
    where V : struct
{
    private readonly nint _next;
    private readonly float* _table;
    private int* _offsets;
    private float* _basis;

    // Of the first edge, and of the second one.
    private float* _row0;
    private float* _row1;
    private V _a0;
    private V _a1;
    private V _a2;
    private V _b0;
    private V _b1;
    private V _b2;

    /// <summary>To be moved to the first edges.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public EdgeWeights(EdgeBatch* edges, ConvolutionPass* pass)
    {
        _next = edges->TableWidth;
        _offsets = edges->Offsets;
        _basis = edges->Basis;
        _table = edges->Table + pass->Weights;
        _row0 = _row1 = _table;
        _a0 = _a1 = _a2 = _b0 = _b1 = _b2 = S.Zero;
    }

    /// <summary>To the next edge, or the next <see cref="ILanes{V}.Groups"/> of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Move()
    {
        _row0 = _table + _offsets[0];
        _a0 = S.Create(_basis[0]);
        _a1 = S.Create(_basis[EdgeBatch.NextBasis]);
        _a2 = S.Create(_basis[2 * EdgeBatch.NextBasis]);
        if (L.Groups > 1)
        {
            _row1 = _table + _offsets[1];
            _b0 = S.Create(_basis[1]);
            _b1 = S.Create(_basis[EdgeBatch.NextBasis + 1]);
            _b2 = S.Create(_basis[2 * EdgeBatch.NextBasis + 1]);
        }

        _offsets += L.Groups;
        _basis += L.Groups;
    }

    /// <summary>Of a path, in the order of the kernel's slots: an even one, and it has no odd one beside it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly V Of(int path)
    {
        if (L.Groups > 1)
        {
            Of(path, out V weight, out _);
            return weight;
        }

        float* row = _row0 + path * L.Channels;
        V sum = S.Multiply(_a0, S.Load(row));
        sum = S.MultiplyAdd(_a1, S.Load(row + _next), sum);
        return S.MultiplyAdd(_a2, S.Load(row + 2 * _next), sum);
    }

    /// <summary>Of two paths, the first of which is an even one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Of(int path, out V first, out V second)
    {
        // Two sums by turns: of one alone the compiler would bring the loads forward instead of making them part of the multiply-adds.
        float* rowA = _row0 + path * L.Channels;
        float* rowB = L.Groups > 1 ? _row1 + path * L.Channels : rowA + L.Channels;
        V a = S.Multiply(_a0, S.Load(rowA));
        V b = S.Multiply(L.Groups > 1 ? _b0 : _a0, S.Load(rowB));
        a = S.MultiplyAdd(_a1, S.Load(rowA + _next), a);
        b = S.MultiplyAdd(L.Groups > 1 ? _b1 : _a1, S.Load(rowB + _next), b);
        a = S.MultiplyAdd(_a2, S.Load(rowA + 2 * _next), a);
        b = S.MultiplyAdd(L.Groups > 1 ? _b2 : _a2, S.Load(rowB + 2 * _next), b);
        if (L.Groups == 1)
            (first, second) = (a, b);
        else if (L.Groups == 2)
            L.Deal(a, b, S.Zero, S.Zero, out first, out second);
        else
            L.Deal(a, b, Edge(2, path), Edge(3, path), out first, out second);
    }

    /// <summary>Paths from <paramref name="path"/> on of the third or fourth edge.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly V Edge(int edge, int path)
    {
        float* row = _table + _offsets[edge - L.Groups] + path * L.Channels, basis = _basis + edge - L.Groups;
        V sum = S.Multiply(S.Create(basis[0]), S.Load(row));
        sum = S.MultiplyAdd(S.Create(basis[EdgeBatch.NextBasis]), S.Load(row + _next), sum);
        return S.MultiplyAdd(S.Create(basis[2 * EdgeBatch.NextBasis]), S.Load(row + 2 * _next), sum);
    }
}
