namespace Denoise.Networks.Engines.Simd.Layout;

/// <summary>The convolution kernels; each computes a fixed set of paths, see <see cref="ConvolutionPlan"/>.</summary>
internal enum PassKind
{
    ScalarToLow,
    ScalarToAll,
    VectorToLow,
    VectorToLowWithOdd,
    VectorToRank2,
    VectorToRank2WithOdd,
    TensorToLow,
    TensorToLowWithOdd,
    TensorToRank2,
    TensorToRank2Odd,
}
