using System.Runtime.CompilerServices;
using Denoise.Networks.Engines.Simd.Lanes;

namespace Denoise.Networks.Engines.Simd.Kernels;

/// <summary>
/// The radial weights of a pass, edge after edge. Where a vector holds one edge they come straight out of the table
/// (<see cref="Radial.RadialTable"/>): its rows arrive from the second cache while the kernel multiplies. Where it holds several
/// edges, each has other rows, and <see cref="RadialWeights"/> has stored their weights.
/// </summary>
internal unsafe struct EdgeWeights<L, S, V>
    where L : struct, ILanes<V>
    where S : struct, ISimd<V>
    where V : struct
{
    private readonly nint _next;
    private readonly float* _table;
    private int* _offset;
    private float* _basis;
    private float* _weights;
    private V _b0;
    private V _b1;
    private V _b2;

    /// <summary>To be moved to the first edges.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public EdgeWeights(EdgeBatch* edges, ConvolutionPass* pass)
    {
        _next = edges->TableWidth;
        _offset = edges->Offsets;
        _basis = edges->Basis;
        _table = edges->Table + pass->Weights;
        _weights = edges->Weights + pass->Weights - L.Groups * _next;
        _b0 = _b1 = _b2 = S.Zero;
    }

    /// <summary>To the next edge, or the next <see cref="ILanes{V}.Groups"/> of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Move()
    {
        if (L.Groups > 1)
        {
            _weights += L.Groups * _next;
            return;
        }

        _weights = _table + *_offset++;
        _b0 = S.Create(_basis[0]);
        _b1 = S.Create(_basis[EdgeBatch.NextBasis]);
        _b2 = S.Create(_basis[2 * EdgeBatch.NextBasis]);
        _basis++;
    }

    /// <summary>Of a path, in the order of the kernel's slots.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly V Of(int path)
    {
        float* row = _weights + path * L.Channels;
        if (L.Groups > 1)
            return L.Load(row, _next);
        V sum = S.Multiply(_b0, S.Load(row));
        sum = S.MultiplyAdd(_b1, S.Load(row + _next), sum);
        return S.MultiplyAdd(_b2, S.Load(row + 2 * _next), sum);
    }
}
