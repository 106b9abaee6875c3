namespace Denoise.Networks.Engines.Simd.Kernels;

/// <summary>
/// One call of a product kernel: some output channels of one irrep, all input channels. Offsets in floats.
/// </summary>
internal unsafe struct ProductTile
{
    /// <summary>Tile, the species' weights, then for each of four atoms: input row, output row, factor.</summary>
    public delegate*<ProductTile*, float*, float**, float**, float*, void> Kernel;

    /// <summary>Input channels, a multiple of four.</summary>
    public int InputChannels;

    /// <summary>First channel of the first component in the input row.</summary>
    public int Input;

    /// <summary>From one component to the next in the input row.</summary>
    public int InputStride;

    /// <summary>First weight, in the order that the kernel reads them.</summary>
    public int Weights;

    /// <summary>First channel of the first component in the output row.</summary>
    public int Output;

    /// <summary>From one component to the next in the output row.</summary>
    public int OutputStride;

    /// <summary>1: the caller's factor multiplies this tile; 0: it does not.</summary>
    public int IsScaled;
}
