namespace Denoise.Devices.Arguments;

/// <summary>What a product of rows with the matrices of the species must know; places in floats, multiples of four.</summary>
public struct ProductArguments
{
    /// <summary>The chunk's first of the evaluated atoms (for its species), their number, and output channels: a thread for each pair of them.</summary>
    public int First;
    public int Atoms;
    public int Channels;

    /// <summary>Rows that come in: the row of the chunk's first atom, length, place of the irrep, input channels.</summary>
    public int InputFirst;
    public int InputLength;
    public int Input;
    public int InputChannels;

    /// <summary>A second input, likewise; no channels: none.</summary>
    public int SecondFirst;
    public int SecondLength;
    public int Second;
    public int SecondChannels;

    /// <summary>Rows that leave: as above, and from one component to the next.</summary>
    public int OutputFirst;
    public int OutputLength;
    public int Output;
    public int OutputStride;

    /// <summary>Floats of all matrices of a species, and where this one's are: [output channel, inputs and second inputs].</summary>
    public int WeightsPerSpecies;
    public int Weights;

    /// <summary>Where a constant per output channel lies among the weights; -1: none.</summary>
    public int Constants;

    /// <summary>Whether the first input's part is multiplied by the atoms' factors.</summary>
    public int IsScaled;

    /// <summary>Whether rows that leave have the numbers of their atoms, and not of their places among those that are evaluated.</summary>
    public int IsOfAtoms;
}
