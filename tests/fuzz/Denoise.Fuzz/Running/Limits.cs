namespace Denoise.Fuzz.Running;

/// <summary>What one execution may take.</summary>
internal static class Limits
{
    /// <summary>Processor time; wall time says little on a machine that others use.</summary>
    public const double Seconds = 1;

    public const long Bytes = 1L << 30;

    /// <summary>From when on allocations fail. The collector and the allocator keep some of what executions no longer need.</summary>
    public const long AllBytes = Bytes + (Bytes >> 2);

    /// <summary>What sessions are told to stay below: frames of few atoms need no more.</summary>
    public const long SessionBytes = 64 << 20;

    /// <summary>Longest input. Seeds are a few KB; longer ones are slow and find nothing more.</summary>
    public const int InputBytes = 64 * 1024;

    /// <summary>An execution that has had so much processor time does not end.</summary>
    public const double HangSeconds = 5;

    /// <summary>Nor does one that has lasted so long without using any.</summary>
    public const double StandstillSeconds = 120;

    /// <summary>The longest sentence that a user should have to read.</summary>
    public const int MessageCharacters = 1000;
}
