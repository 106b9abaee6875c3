namespace Denoise.Trajectories.Compressed;

/// <summary>What a chunk has in it; the values stand in files.</summary>
[Flags]
internal enum ChunkFlags
{
    None = 0,

    /// <summary>Begins its block: it needs no earlier frame.</summary>
    Key = 1,

    /// <summary>Sites are those of a lattice (keys only).</summary>
    Lattice = 2,

    /// <summary>Positions are predicted from displacements in earlier frames.</summary>
    Time = 4,

    Neighbors = 8,
    Types = 16,
    Spread = 32,
    Ids = 64,

    /// <summary>Needs all frames since its key.</summary>
    Past = 128,
}
