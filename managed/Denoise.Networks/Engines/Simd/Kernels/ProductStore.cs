using System.Runtime.CompilerServices;
using Denoise.Networks.Engines.Simd.Lanes;

namespace Denoise.Networks.Engines.Simd.Kernels;

/// <summary>
/// Stores what a <see cref="NodeProduct"/> of degree 1 or more has summed for two atoms, component after component and times their gates.
/// Holds the addresses: read in between the stores, they would be read again each time.
/// </summary>
internal readonly unsafe struct ProductStore<L, S, V, TGated>
    where L : struct, ILanes<V>
    where S : struct, ISimd<V>
    where V : struct
    where TGated : struct, IFlag
{
    private readonly float* _first;
    private readonly float* _second;
    private readonly nint _stride;
    private readonly V _firstGate;
    private readonly V _secondGate;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ProductStore(ProductTile* tile, ProductRows* rows, int first, int second)
    {
        _stride = tile->OutputStride;
        _first = rows->Outputs[first] + tile->Output;
        _second = rows->Outputs[second] + tile->Output;
        _firstGate = TGated.Value ? L.LoadChannels(rows->Gates[first] + tile->Gate) : S.Create(1);
        _secondGate = TGated.Value ? L.LoadChannels(rows->Gates[second] + tile->Gate) : S.Create(1);
    }

    /// <summary>Two components of both atoms, from <paramref name="component"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Both(int component, V first, V firstNext, V second, V secondNext)
    {
        nint at = component * _stride;
        L.StoreSums(_first + at, _first + at + _stride, first, firstNext, _firstGate);
        L.StoreSums(_second + at, _second + at + _stride, second, secondNext, _secondGate);
    }

    /// <summary>One component of both atoms.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Last(int component, V first, V second)
    {
        nint at = component * _stride;
        if (L.Groups == 1)
        {
            S.Store(_first + at, S.Multiply(first, _firstGate));
            S.Store(_second + at, S.Multiply(second, _secondGate));
            return;
        }

        L.Deal(_firstGate, _secondGate, _firstGate, _secondGate, out V gates, out _);
        L.StoreSums(_first + at, _second + at, first, second, gates);
    }
}
