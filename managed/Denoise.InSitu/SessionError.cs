namespace Denoise.InSitu;

/// <summary>What kind of failure a <see cref="SessionException"/> is; the numbers are those of the C header.</summary>
public enum SessionError
{
    /// <summary>A parameter is wrong: missing, negative, not finite, unknown.</summary>
    Argument = 1,

    /// <summary>The session does not exist, was destroyed, or is in another call.</summary>
    Handle = 2,

    /// <summary>A file could not be opened, read or written.</summary>
    InputOutput = 3,

    /// <summary>A file was read and is not what it should be.</summary>
    Format = 4,

    /// <summary>The atoms of a frame are wrong.</summary>
    Input = 5,

    Memory = 6,

    /// <summary>Ghosts do not reach far enough, or ranks disagree.</summary>
    Communication = 7,

    /// <summary>A callback of the host failed.</summary>
    Callback = 8,

    /// <summary>This rank is well; another one failed in the same collective call.</summary>
    OtherRank = 9,

    /// <summary>A mistake in this library.</summary>
    Internal = 10,

    /// <summary>A device cannot be used, or failed.</summary>
    Device = 12,
}
