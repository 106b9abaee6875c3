using Denoise.Atoms.Memory;

namespace Denoise.Cli.Analysis;

/// <summary>Collects what is written in native memory, which is kept for the next time: frames may be larger than arrays.</summary>
internal sealed unsafe class NativeStream : Stream
{
    public NativeBuffer<byte> Buffer { get; } = new();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => Buffer.Length;

    public override long Position
    {
        get => Buffer.Length;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        long begin = Buffer.Length;
        Buffer.Grow(begin + buffer.Length);
        buffer.CopyTo(new Span<byte>(Buffer.Pointer + begin, buffer.Length));
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Buffer.Dispose();
        base.Dispose(disposing);
    }
}
