namespace Denoise.Trajectories.Tests;

/// <summary>Hands out its bytes in pieces of random size, so that buffer borders fall on every place of a file.</summary>
internal sealed class ChunkedStream(byte[] bytes, Random? random = null)
    : MemoryStream(bytes, 0, bytes.Length, writable: false, publiclyVisible: true)
{
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int wanted = random is null ? buffer.Length : Math.Min(buffer.Length, random.Next(1, 12));
        int count = (int)Math.Min(wanted, Length - Position);
        GetBuffer().AsSpan((int)Position, count).CopyTo(buffer);
        Position += count;
        return count;
    }
}
