namespace Denoise.Devices.Arguments;

/// <summary>What the kernel that finds edges must know.</summary>
public struct EdgeArguments
{
    /// <summary>The chunk's first of the evaluated atoms, and their number.</summary>
    public int First;
    public int Atoms;

    /// <summary>Atoms that are owned; those behind them are ghosts.</summary>
    public int Local;

    /// <summary>From one atom's edges to the next one's.</summary>
    public int EdgeStride;

    /// <summary>From one row of the list to the next; 0: where rows begin is given.</summary>
    public int ListStride;

    /// <summary>What a source is: 0 the atom, 1 its owner where it is an image, 2 its species.</summary>
    public int SourceKind;

    /// <summary>Å^2</summary>
    public float CutoffSquared;

    /// <summary>a of u = r / (r + a), Å.</summary>
    public float Offset;
}
