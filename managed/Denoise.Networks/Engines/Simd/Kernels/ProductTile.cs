namespace Denoise.Networks.Engines.Simd.Kernels;

/// <summary>
/// One call of a product kernel: some output channels of one irrep, made of all input channels of up to two rows. Offsets in floats.
/// </summary>
internal unsafe struct ProductTile
{
    /// <summary>Tile, the species' weights, rows.</summary>
    public delegate*<ProductTile*, float*, ProductRows*, void> Kernel;

    /// <summary>In the rows <see cref="ProductRows.First"/>.</summary>
    public ProductInput First;

    /// <summary>In the rows <see cref="ProductRows.Second"/>; without channels if there is none.</summary>
    public ProductInput Second;

    /// <summary>
    /// First weight, in the order that the kernel reads them: those of the first input and of the second, and of activated scalars
    /// then three vectors: what is added, linear and constant of <see cref="GateKernel.Activate{S, V}"/>.
    /// </summary>
    public int Weights;

    /// <summary>First channel of the first component in the output row.</summary>
    public int Output;

    /// <summary>From one component to the next in the output row.</summary>
    public int OutputStride;

    /// <summary>The gate of the first channel in the row of gates.</summary>
    public int Gate;

    /// <summary>1: the output goes to the row of gates; 0: to the output row.</summary>
    public int IsGate;

    /// <summary>1: what the first input contributes is multiplied by the atom's factor; 0: it is not.</summary>
    public int IsScaled;

    /// <summary>Of an activation.</summary>
    public float Slope;

    /// <summary>Of an activation.</summary>
    public float Shift;
}

/// <summary>Channels of one irrep in an input row.</summary>
internal struct ProductInput
{
    /// <summary>Their number, a multiple of four.</summary>
    public int Channels;

    /// <summary>First channel of the first component.</summary>
    public int Offset;

    /// <summary>From one component to the next.</summary>
    public int Stride;
}
