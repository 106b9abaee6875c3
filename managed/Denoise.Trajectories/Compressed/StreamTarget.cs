namespace Denoise.Trajectories.Compressed;

/// <summary>A stream, to which one process writes.</summary>
internal sealed class StreamTarget(Stream stream) : IRecordTarget
{
    private long _added;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        stream.Write(bytes);
        _added += bytes.Length;
    }

    public long Flush()
    {
        long added = _added;
        _added = 0;
        return added;
    }
}
