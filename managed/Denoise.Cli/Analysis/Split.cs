namespace Denoise.Cli.Analysis;

/// <summary>What the processes of an mpirun share among them.</summary>
internal enum Split
{
    /// <summary>Frames where there are enough of them, else space.</summary>
    Auto,

    /// <summary>Each process has frames of its own.</summary>
    Frames,

    /// <summary>All work on every frame, each on the atoms of its part of space.</summary>
    Domains,
}
