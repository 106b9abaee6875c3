namespace Denoise.InSitu;

/// <summary>What a caller should know of a frame that went well; the numbers are those of the C header.</summary>
[Flags]
public enum FrameWarnings
{
    None = 0,

    /// <summary>Atoms moved so far that ghosts beyond the host's range may have mattered.</summary>
    GhostsShort = 1,

    /// <summary>Too many atoms were <see cref="OutsideCounts.Held"/>.</summary>
    Held = 2,

    /// <summary>Too many atoms are <see cref="OutsideCounts.BeyondNoise"/>.</summary>
    BeyondNoise = 4,

    /// <summary>Too many atoms have an <see cref="OutsideCounts.OddDensity"/>.</summary>
    OddDensity = 8,

    /// <summary>Too many atoms are <see cref="OutsideCounts.Unsettled"/>.</summary>
    Unsettled = 16,

    /// <summary>Too many atoms were led <see cref="OutsideCounts.Astray"/>.</summary>
    Astray = 32,

    /// <summary>No atom is both seen and selected, although the frame has atoms: all counts are 0.</summary>
    NothingSeen = 64,
}
