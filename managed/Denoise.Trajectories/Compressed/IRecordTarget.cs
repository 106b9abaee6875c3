namespace Denoise.Trajectories.Compressed;

/// <summary>Where the records of a .dnz file go.</summary>
internal interface IRecordTarget
{
    /// <summary>Bytes of this process, behind those that it gave before.</summary>
    void Add(ReadOnlySpan<byte> bytes);

    /// <summary>
    /// Sees to it that what all processes gave since the last time is in the file, that of the first process first. Collective.
    /// </summary>
    /// <returns>how many bytes that is</returns>
    long Flush();
}
