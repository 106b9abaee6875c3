namespace Denoise.Trajectories.Compressed;

/// <summary>What a .dnz file keeps; the values stand in files.</summary>
public enum DnzMode
{
    /// <summary>Positions within a bound.</summary>
    Bound = 0,

    /// <summary>Denoised positions within a bound, structure types, and the noise of each block.</summary>
    Structure = 1,

    /// <summary>All numbers bit for bit.</summary>
    Lossless = 2,
}
