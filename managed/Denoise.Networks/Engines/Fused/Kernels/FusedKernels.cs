using Denoise.Networks.Engines.Simd;
using Denoise.Networks.Engines.Simd.Lanes;
using V256 = System.Runtime.Intrinsics.Vector256<float>;
using V512 = System.Runtime.Intrinsics.Vector512<float>;

namespace Denoise.Networks.Engines.Fused.Kernels;

/// <summary>The machine code of all kernels at one vector width.</summary>
internal sealed unsafe class FusedKernels
{
    public delegate*<float*, float*, float*, nint, nint, nint, nint, void> MultiplyAdd { get; private init; }

    public delegate*<float*, float*, float*, nint, nint, nint, nint, void> AddOuter { get; private init; }

    public delegate*<float*, int*, float*, nint, nint, float*, void> Interpolate { get; private init; }

    public delegate*<float*, int*, float*, nint, nint, float*, void> Scatter { get; private init; }

    public delegate*<float*, nint, void> SumLanes { get; private init; }

    public delegate*<float*, float*, nint, float, void> Sigmoid { get; private init; }

    public delegate*<float*, float*, nint, float*, nint, nint, void> EvenForward { get; private init; }

    public delegate*<float*, float*, nint, float*, nint, nint, void> OddForward { get; private init; }

    public delegate*<float*, float*, nint, float*, nint, float*, nint, nint, void> EvenBackward { get; private init; }

    public delegate*<float*, float*, nint, float*, nint, float*, nint, nint, void> OddBackward { get; private init; }

    public delegate*<float*, nint, float*, nint, float*, nint, nint, nint, void> GatedForward { get; private init; }

    public delegate*<float*, nint, float*, nint, float*, nint, float*, float*, nint, nint, nint, nint, void> GatedBackward
    {
        get;
        private init;
    }

    public SimdWidth Width { get; private init; }

    /// <summary>Floats in a vector.</summary>
    public int Lanes => (int)Width / 32;

    public static FusedKernels Of(SimdWidth width) =>
        width == SimdWidth.Bits512 ? Create<Simd512, V512>(width) : Create<Simd256, V256>(width);

    /// <summary>Channels in whole vectors.</summary>
    public int Pad(int channels) => (channels + Lanes - 1) / Lanes * Lanes;

    public delegate*<EdgeBlock*, PathPass*, nint, void> PathForward(int l1, int l3, bool isDiagonal) =>
        Width == SimdWidth.Bits512 ? PathForward<Simd512, V512>(l1, l3, isDiagonal) : PathForward<Simd256, V256>(l1, l3, isDiagonal);

    public delegate*<EdgeBlock*, PathPass*, nint, nint, void> PathBackward(int l1, int l3, bool isDiagonal) =>
        Width == SimdWidth.Bits512 ? PathBackward<Simd512, V512>(l1, l3, isDiagonal) : PathBackward<Simd256, V256>(l1, l3, isDiagonal);

    public delegate*<EdgeBlock*, PathPass*, nint, nint, void> PathPositions(int l1, int l3, bool isDiagonal) =>
        Width == SimdWidth.Bits512 ? PathPositions<Simd512, V512>(l1, l3, isDiagonal) : PathPositions<Simd256, V256>(l1, l3, isDiagonal);

    private static FusedKernels Create<S, V>(SimdWidth width)
        where S : struct, ISimd<V>
        where V : struct => new()
        {
            Width = width,
            MultiplyAdd = &MatrixKernels.MultiplyAdd<S, V>,
            AddOuter = &MatrixKernels.AddOuter<S, V>,
            Interpolate = &KnotKernels.Interpolate<S, V>,
            Scatter = &KnotKernels.Scatter<S, V>,
            SumLanes = &PositionKernels.SumLanes<S, V>,
            Sigmoid = &ActivationKernels.Sigmoid<S, V>,
            EvenForward = &ActivationKernels.ScalarForward<S, V, Without>,
            OddForward = &ActivationKernels.ScalarForward<S, V, With>,
            EvenBackward = &ActivationKernels.ScalarBackward<S, V, Without>,
            OddBackward = &ActivationKernels.ScalarBackward<S, V, With>,
            GatedForward = &ActivationKernels.GatedForward<S, V>,
            GatedBackward = &ActivationKernels.GatedBackward<S, V>,
        };

    private static delegate*<EdgeBlock*, PathPass*, nint, void> PathForward<S, V>(int l1, int l3, bool isDiagonal)
        where S : struct, ISimd<V>
        where V : struct => (l1, l3, isDiagonal) switch
        {
            (0, 0, true) => &PathKernels.Forward<S, V, Scalars, Scalars, With>,
            (1, 1, true) => &PathKernels.Forward<S, V, Vectors, Vectors, With>,
            (2, 2, true) => &PathKernels.Forward<S, V, Rank2, Rank2, With>,
            (3, 3, true) => &PathKernels.Forward<S, V, Rank3, Rank3, With>,
            (0, 1, _) => &PathKernels.Forward<S, V, Scalars, Vectors, Without>,
            (0, 2, _) => &PathKernels.Forward<S, V, Scalars, Rank2, Without>,
            (0, 3, _) => &PathKernels.Forward<S, V, Scalars, Rank3, Without>,
            (1, 0, _) => &PathKernels.Forward<S, V, Vectors, Scalars, Without>,
            (1, 1, _) => &PathKernels.Forward<S, V, Vectors, Vectors, Without>,
            (1, 2, _) => &PathKernels.Forward<S, V, Vectors, Rank2, Without>,
            (1, 3, _) => &PathKernels.Forward<S, V, Vectors, Rank3, Without>,
            (2, 0, _) => &PathKernels.Forward<S, V, Rank2, Scalars, Without>,
            (2, 1, _) => &PathKernels.Forward<S, V, Rank2, Vectors, Without>,
            (2, 2, _) => &PathKernels.Forward<S, V, Rank2, Rank2, Without>,
            (2, 3, _) => &PathKernels.Forward<S, V, Rank2, Rank3, Without>,
            (3, 0, _) => &PathKernels.Forward<S, V, Rank3, Scalars, Without>,
            (3, 1, _) => &PathKernels.Forward<S, V, Rank3, Vectors, Without>,
            (3, 2, _) => &PathKernels.Forward<S, V, Rank3, Rank2, Without>,
            (3, 3, _) => &PathKernels.Forward<S, V, Rank3, Rank3, Without>,
            _ => throw new ArgumentOutOfRangeException(nameof(l1)),
        };

    private static delegate*<EdgeBlock*, PathPass*, nint, nint, void> PathBackward<S, V>(int l1, int l3, bool isDiagonal)
        where S : struct, ISimd<V>
        where V : struct => (l1, l3, isDiagonal) switch
        {
            (0, 0, true) => &PathKernels.Backward<S, V, Scalars, Scalars, With>,
            (1, 1, true) => &PathKernels.Backward<S, V, Vectors, Vectors, With>,
            (2, 2, true) => &PathKernels.Backward<S, V, Rank2, Rank2, With>,
            (3, 3, true) => &PathKernels.Backward<S, V, Rank3, Rank3, With>,
            (0, 1, _) => &PathKernels.Backward<S, V, Scalars, Vectors, Without>,
            (0, 2, _) => &PathKernels.Backward<S, V, Scalars, Rank2, Without>,
            (0, 3, _) => &PathKernels.Backward<S, V, Scalars, Rank3, Without>,
            (1, 0, _) => &PathKernels.Backward<S, V, Vectors, Scalars, Without>,
            (1, 1, _) => &PathKernels.Backward<S, V, Vectors, Vectors, Without>,
            (1, 2, _) => &PathKernels.Backward<S, V, Vectors, Rank2, Without>,
            (1, 3, _) => &PathKernels.Backward<S, V, Vectors, Rank3, Without>,
            (2, 0, _) => &PathKernels.Backward<S, V, Rank2, Scalars, Without>,
            (2, 1, _) => &PathKernels.Backward<S, V, Rank2, Vectors, Without>,
            (2, 2, _) => &PathKernels.Backward<S, V, Rank2, Rank2, Without>,
            (2, 3, _) => &PathKernels.Backward<S, V, Rank2, Rank3, Without>,
            (3, 0, _) => &PathKernels.Backward<S, V, Rank3, Scalars, Without>,
            (3, 1, _) => &PathKernels.Backward<S, V, Rank3, Vectors, Without>,
            (3, 2, _) => &PathKernels.Backward<S, V, Rank3, Rank2, Without>,
            (3, 3, _) => &PathKernels.Backward<S, V, Rank3, Rank3, Without>,
            _ => throw new ArgumentOutOfRangeException(nameof(l1)),
        };

    private static delegate*<EdgeBlock*, PathPass*, nint, nint, void> PathPositions<S, V>(int l1, int l3, bool isDiagonal)
        where S : struct, ISimd<V>
        where V : struct => (l1, l3, isDiagonal) switch
        {
            (0, 0, true) => &PositionKernels.Gather<S, V, Scalars, Scalars, With>,
            (1, 1, true) => &PositionKernels.Gather<S, V, Vectors, Vectors, With>,
            (2, 2, true) => &PositionKernels.Gather<S, V, Rank2, Rank2, With>,
            (0, 1, _) => &PositionKernels.Gather<S, V, Scalars, Vectors, Without>,
            (0, 2, _) => &PositionKernels.Gather<S, V, Scalars, Rank2, Without>,
            (1, 0, _) => &PositionKernels.Gather<S, V, Vectors, Scalars, Without>,
            (1, 1, _) => &PositionKernels.Gather<S, V, Vectors, Vectors, Without>,
            (1, 2, _) => &PositionKernels.Gather<S, V, Vectors, Rank2, Without>,
            (2, 0, _) => &PositionKernels.Gather<S, V, Rank2, Scalars, Without>,
            (2, 1, _) => &PositionKernels.Gather<S, V, Rank2, Vectors, Without>,
            (2, 2, _) => &PositionKernels.Gather<S, V, Rank2, Rank2, Without>,
            // Higher degrees are not differentiated by positions.
            _ => null,
        };
}
