namespace Denoise.Trajectories.Text;

/// <summary>A stream from which a few bytes were read to see what it is, read again from its start.</summary>
internal sealed class PrefixedStream : Stream
{
    private readonly Stream _source;
    private readonly byte[] _prefix;
    private int _position;

    public PrefixedStream(Stream source, int length, ReadOnlySpan<byte> prefix)
    {
        _source = source;
        _prefix = prefix[..length].ToArray();
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (_position == _prefix.Length)
            return _source.Read(buffer);
        int count = Math.Min(buffer.Length, _prefix.Length - _position);
        _prefix.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _source.Dispose();
        base.Dispose(disposing);
    }
}
