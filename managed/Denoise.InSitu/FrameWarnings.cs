namespace Denoise.InSitu;

/// <summary>What a caller should know of a frame that went well; the numbers are those of the C header.</summary>
[Flags]
public enum FrameWarnings
{
    None = 0,

    /// <summary>Atoms moved so far that ghosts beyond the host's range may have mattered.</summary>
    GhostsShort = 1,
}
