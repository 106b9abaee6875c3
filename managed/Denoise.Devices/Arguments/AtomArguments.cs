namespace Denoise.Devices.Arguments;

/// <summary>Of kernels with a thread per atom, or per number of an atom's row.</summary>
public struct AtomArguments
{
    /// <summary>The chunk's first of the evaluated atoms, and their number.</summary>
    public int First;
    public int Atoms;

    /// <summary>Floats of a row that is read, and which of them.</summary>
    public int RowLength;
    public int Input;
    public int Count;

    /// <summary>Floats from the weights of one species to those of the next.</summary>
    public int WeightsPerSpecies;
}
