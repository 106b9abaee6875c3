namespace Denoise.Trajectories.Compressed;

/// <summary>How a .dnz file is written.</summary>
public sealed record DnzOptions
{
    public DnzMode Mode { get; init; }

    /// <summary>Å (the file's unit of length); largest distance of a coordinate from the original.</summary>
    public double Bound { get; init; } = 0.01;

    /// <summary>Whether atoms keep their ids; without, they are numbered anew, in one order from key to key.</summary>
    public bool KeepsIds { get; init; } = true;

    /// <summary>Frames from one that needs no other to the next.</summary>
    public int KeyEvery { get; init; } = 64;

    /// <summary>Atoms of a chunk, at most; 0: as suits the mode.</summary>
    public int ChunkAtoms { get; init; }

    /// <summary>Largest errors of real columns; those that are not named are kept bit for bit.</summary>
    public IReadOnlyDictionary<string, double> ColumnBounds { get; init; } = new Dictionary<string, double>();
}
