using Denoise.Networks.Engines.Simd.Kernels;
using Denoise.Networks.Engines.Simd.Lanes;
using V256 = System.Runtime.Intrinsics.Vector256<float>;
using V512 = System.Runtime.Intrinsics.Vector512<float>;

namespace Denoise.Networks.Engines.Simd.Layout;

/// <summary>The machine code for a run of channels at a vector width: every combination that exists is named here.</summary>
internal static unsafe class KernelTable
{
    public static delegate*<EdgeBatch*, ConvolutionPass*, float*, void> Convolution(PassKind kind, int channels, SimdWidth width) =>
        (width, channels) switch
        {
            (SimdWidth.Bits256, 8) => Convolution<Lanes256x8, Simd256, V256>(kind),
            (SimdWidth.Bits256, 4) => Convolution<Lanes256x4, Simd256, V256>(kind),
            (SimdWidth.Bits512, 16) => Convolution<Lanes512x16, Simd512, V512>(kind),
            (SimdWidth.Bits512, 8) => Convolution<Lanes512x8, Simd512, V512>(kind),
            (SimdWidth.Bits512, 4) => Convolution<Lanes512x4, Simd512, V512>(kind),
            _ => throw new ArgumentOutOfRangeException(nameof(channels)),
        };

    /// <param name="kind">which</param>
    /// <param name="l1">degree of the input</param>
    /// <param name="l3">degree of the sum</param>
    /// <param name="channels">of both</param>
    /// <param name="width">of the vectors</param>
    public static delegate*<EdgeBatch*, ConvolutionPass*, float*, void> Coupled(
        CoupledKind kind, int l1, int l3, int channels, SimdWidth width) =>
        (width, channels) switch
        {
            (SimdWidth.Bits256, 8) => Coupled<Lanes256x8, Simd256, V256>(kind, l1, l3),
            (SimdWidth.Bits256, 4) => Coupled<Lanes256x4, Simd256, V256>(kind, l1, l3),
            (SimdWidth.Bits512, 16) => Coupled<Lanes512x16, Simd512, V512>(kind, l1, l3),
            (SimdWidth.Bits512, 8) => Coupled<Lanes512x8, Simd512, V512>(kind, l1, l3),
            (SimdWidth.Bits512, 4) => Coupled<Lanes512x4, Simd512, V512>(kind, l1, l3),
            _ => throw new ArgumentOutOfRangeException(nameof(channels)),
        };

    /// <param name="l">degree</param>
    /// <param name="isGated">whether scalars are activated, and others multiplied by their gates</param>
    /// <param name="channels">of the output</param>
    /// <param name="width">of the vectors</param>
    public static delegate*<ProductTile*, float*, ProductRows*, void> Product(int l, bool isGated, int channels, SimdWidth width) =>
        (width, channels) switch
        {
            (SimdWidth.Bits256, 8) => Product<Lanes256x8, Simd256, V256>(l, isGated),
            (SimdWidth.Bits256, 4) => Product<Lanes256x4, Simd256, V256>(l, isGated),
            (SimdWidth.Bits512, 16) => Product<Lanes512x16, Simd512, V512>(l, isGated),
            (SimdWidth.Bits512, 8) => Product<Lanes512x8, Simd512, V512>(l, isGated),
            (SimdWidth.Bits512, 4) => Product<Lanes512x4, Simd512, V512>(l, isGated),
            _ => throw new ArgumentOutOfRangeException(nameof(channels)),
        };

    private static delegate*<EdgeBatch*, ConvolutionPass*, float*, void> Convolution<L, S, V>(PassKind kind)
        where L : struct, ILanes<V>
        where S : struct, ISimd<V>
        where V : struct => kind switch
        {
            PassKind.HarmonicToScalars => &HarmonicConvolution.ToScalars<L, S, V>,
            PassKind.HarmonicToVectors => &HarmonicConvolution.ToHarmonics<L, S, V, With, Without>,
            PassKind.HarmonicToRank2 => &HarmonicConvolution.ToHarmonics<L, S, V, Without, With>,
            PassKind.HarmonicToVectorsAndRank2 => &HarmonicConvolution.ToHarmonics<L, S, V, With, With>,
            PassKind.ScalarToLow => &ScalarConvolution.Run<L, S, V, Without>,
            PassKind.ScalarToAll => &ScalarConvolution.Run<L, S, V, With>,
            PassKind.VectorToLow => &VectorConvolution.Run<L, S, V, Without, Without>,
            PassKind.VectorToLowWithOdd => &VectorConvolution.Run<L, S, V, With, Without>,
            PassKind.VectorToAll => &VectorConvolution.Run<L, S, V, Without, With>,
            PassKind.VectorToRank2WithOdd => &VectorConvolution.ToRank2WithOdd<L, S, V>,
            PassKind.TensorToLow => &TensorConvolution.ToLow<L, S, V, Without>,
            PassKind.TensorToLowWithOdd => &TensorConvolution.ToLow<L, S, V, With>,
            PassKind.TensorToAll => &TensorConvolution.ToAll<L, S, V, Without>,
            PassKind.TensorToAllWithOdd => &TensorConvolution.ToAll<L, S, V, With>,
            PassKind.TensorToRank2Odd => &TensorConvolution.ToRank2Odd<L, S, V>,
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };

    private static delegate*<EdgeBatch*, ConvolutionPass*, float*, void> Coupled<L, S, V>(CoupledKind kind, int l1, int l3)
        where L : struct, ILanes<V>
        where S : struct, ISimd<V>
        where V : struct => (kind, l1, l3) switch
        {
            (CoupledKind.Pass, 3, 3) => &CoupledConvolution.Pass<L, S, V, Rank3>,
            (CoupledKind.Harmonic, 0, 3) => &CoupledConvolution.Harmonic<L, S, V, Rank3>,
            (CoupledKind.Run, 0, 3) => &CoupledConvolution.Run<L, S, V, Scalars, Rank3>,
            (CoupledKind.Run, 1, 2) => &CoupledConvolution.Run<L, S, V, Vectors, Rank2>,
            (CoupledKind.Run, 1, 3) => &CoupledConvolution.Run<L, S, V, Vectors, Rank3>,
            (CoupledKind.Run, 2, 1) => &CoupledConvolution.Run<L, S, V, Rank2, Vectors>,
            (CoupledKind.Run, 2, 2) => &CoupledConvolution.Run<L, S, V, Rank2, Rank2>,
            (CoupledKind.Run, 2, 3) => &CoupledConvolution.Run<L, S, V, Rank2, Rank3>,
            (CoupledKind.Run, 3, 0) => &CoupledConvolution.Run<L, S, V, Rank3, Scalars>,
            (CoupledKind.Run, 3, 1) => &CoupledConvolution.Run<L, S, V, Rank3, Vectors>,
            (CoupledKind.Run, 3, 2) => &CoupledConvolution.Run<L, S, V, Rank3, Rank2>,
            (CoupledKind.Run, 3, 3) => &CoupledConvolution.Run<L, S, V, Rank3, Rank3>,
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };

    private static delegate*<ProductTile*, float*, ProductRows*, void> Product<L, S, V>(int l, bool isGated)
        where L : struct, ILanes<V>
        where S : struct, ISimd<V>
        where V : struct => (l, isGated) switch
        {
            (0, false) => &NodeProduct.Degree0<L, S, V, Without>,
            (0, true) => &NodeProduct.Degree0<L, S, V, With>,
            (1, false) => &NodeProduct.Degree1<L, S, V, Without>,
            (1, true) => &NodeProduct.Degree1<L, S, V, With>,
            (2, false) => &NodeProduct.Degree2<L, S, V, Without>,
            (2, true) => &NodeProduct.Degree2<L, S, V, With>,
            (3, false) => &NodeProduct.Degree3<L, S, V, Without>,
            (3, true) => &NodeProduct.Degree3<L, S, V, With>,
            _ => throw new ArgumentOutOfRangeException(nameof(l)),
        };
}
