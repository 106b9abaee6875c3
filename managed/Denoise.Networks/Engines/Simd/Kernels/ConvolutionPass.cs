namespace Denoise.Networks.Engines.Simd.Kernels;

/// <summary>
/// One call of a convolution kernel: some channels of one input irrep, and the paths that the kernel computes for them. Offsets
/// in floats; "component" is m of (l, m), and the channels of a component lie side by side.
/// </summary>
internal unsafe struct ConvolutionPass
{
    public delegate*<EdgeBatch*, ConvolutionPass*, float*, void> Kernel;

    /// <summary>First channel of the first component in a neighbor's row.</summary>
    public int Input;

    /// <summary>From one component to the next in a neighbor's row.</summary>
    public int InputStride;

    /// <summary>The kernel's paths in the order that its comment gives.</summary>
    public PathSlot First;

    public PathSlot Second;

    public PathSlot Third;

    public PathSlot Fourth;
}

/// <summary>Where one path finds its weights and leaves its sum.</summary>
internal struct PathSlot
{
    /// <summary>First channel's weight among an edge's radial weights.</summary>
    public int Weight;

    /// <summary>First channel of the first component in the aggregate.</summary>
    public int Output;

    /// <summary>From one component to the next in the aggregate.</summary>
    public int Stride;
}
