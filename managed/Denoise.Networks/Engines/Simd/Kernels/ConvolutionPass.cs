namespace Denoise.Networks.Engines.Simd.Kernels;

/// <summary>
/// One call of a convolution kernel: some channels of one input irrep, and the paths that the kernel computes for them. Offsets
/// in floats; "component" is m of (l, m), and the channels of a component lie side by side. Every kernel has the loop over the edges
/// in itself: with one loop for all, and the sums in a struct, the compiler keeps these in memory (ScalarConvolution with 512 bits:
/// 116 operands on the stack instead of 1).
/// </summary>
internal unsafe struct ConvolutionPass
{
    public delegate*<EdgeBatch*, ConvolutionPass*, float*, void> Kernel;

    /// <summary>First channel of the first component in a neighbor's row.</summary>
    public int Input;

    /// <summary>From one component to the next in a neighbor's row.</summary>
    public int InputStride;

    /// <summary>The first of an edge's weights: those of the first path's channels, then of the second's, ... As many paths as a vector holds edges, or a multiple.</summary>
    public int Weights;

    /// <summary>Of a <see cref="CoupledConvolution"/>: the first slot of its coupling matrix [m3, m1].</summary>
    public int Coupling;

    /// <summary>Where the paths' sums go, in the order that the kernel's comment gives.</summary>
    public PathSlot First;

    public PathSlot Second;

    public PathSlot Third;

    public PathSlot Fourth;

    public PathSlot Fifth;
}

/// <summary>Where the sum of a path goes.</summary>
internal struct PathSlot
{
    /// <summary>First channel of the first component in the aggregate.</summary>
    public int Output;

    /// <summary>From one component to the next in the aggregate.</summary>
    public int Stride;
}
