namespace Denoise.Devices.Arguments;

/// <summary>A level of a running sum: every thread sums a run of values.</summary>
public struct ScanArguments
{
    /// <summary>Values of the level, and of a run.</summary>
    public int Length;
    public int Run;

    /// <summary>Where the level and the one above it begin.</summary>
    public int First;
    public int Above;
}
