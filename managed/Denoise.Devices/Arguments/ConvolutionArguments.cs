namespace Denoise.Devices.Arguments;

/// <summary>What a convolution kernel must know of the channels of one irrep; lengths and places in floats.</summary>
public struct ConvolutionArguments
{
    /// <summary>Atoms of the chunk, and channels: a thread for each pair of them.</summary>
    public int Atoms;
    public int Channels;

    /// <summary>From one atom's edges to the next one's.</summary>
    public int EdgeStride;

    /// <summary>Rows h: length, place of the first channel's first component, from one component to the next.</summary>
    public int RowLength;
    public int Input;
    public int InputStride;

    /// <summary>Radial table, in pairs of floats: from one interval to the next, place of the first channel, pairs of a channel.</summary>
    public int TableWidth;
    public int TableOffset;
    public int Intervals;
    public float IntervalsPerUnit;

    /// <summary>Rows of sums: length, and for every path where the first component goes and how far the next one is from it.</summary>
    public int SumLength;
    public int Output0;
    public int Stride0;
    public int Output1;
    public int Stride1;
    public int Output2;
    public int Stride2;
    public int Output3;
    public int Stride3;
    public int Output4;
    public int Stride4;
    public int Output5;
    public int Stride5;
}
