namespace Denoise.Networks.Maps;

/// <summary>One convolution of a <see cref="MapNetwork"/> over a square image.</summary>
/// <param name="Name">of its tensors, <c>Name.weight</c> and <c>Name.bias</c></param>
/// <param name="Size">rows and columns that come in</param>
/// <param name="Inputs">channels that come in</param>
/// <param name="Outputs">channels that go out, a multiple of 16</param>
/// <param name="Kernel">rows and columns of the kernel</param>
/// <param name="Stride">between pixels that go out</param>
/// <param name="Before">rows and columns of zeros before the image</param>
/// <param name="After">rows and columns of zeros behind it</param>
public sealed record ConvolutionShape(string Name, int Size, int Inputs, int Outputs, int Kernel, int Stride, int Before, int After)
{
    /// <summary>Rows and columns that go out.</summary>
    public int SizeOut => (Size + Before + After - Kernel) / Stride + 1;

    /// <summary>Rows and columns with their zeros.</summary>
    public int Padded => Size + Before + After;

    public int WeightCount => Kernel * Kernel * Inputs * Outputs;

    /// <summary>Values of the padded image that comes in.</summary>
    public int InputLength => Padded * Padded * Inputs;

    /// <summary>Values between the rows of the padded image.</summary>
    public int RowStride => Padded * Inputs;

    /// <summary>Of the padded image: where pixel (0, 0) lies behind its zeros.</summary>
    public int FirstPixel => Before * (RowStride + Inputs);

    /// <summary>Values that go out, without zeros.</summary>
    public int OutputLength => SizeOut * SizeOut * Outputs;
}
