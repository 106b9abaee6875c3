namespace Denoise.Networks.Engines.Simd.Layout;

/// <summary>The convolution kernels; each computes a fixed set of paths, see <see cref="ConvolutionPlan"/>.</summary>
internal enum PassKind
{
    HarmonicToScalars,
    HarmonicToVectors,
    HarmonicToRank2,
    HarmonicToVectorsAndRank2,
    ScalarToLow,
    ScalarToAll,
    VectorToLow,
    VectorToLowWithOdd,
    VectorToAll,
    VectorToRank2WithOdd,
    TensorToLow,
    TensorToLowWithOdd,
    TensorToAll,
    TensorToAllWithOdd,
    TensorToRank2Odd,
}

/// <summary>The kernels of <see cref="Kernels.CoupledConvolution"/>; each computes one path.</summary>
internal enum CoupledKind
{
    Run,
    Pass,
    Harmonic,
}
