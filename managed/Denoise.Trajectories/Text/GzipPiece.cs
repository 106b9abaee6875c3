using System.Buffers.Binary;
using System.IO.Compression;

namespace Denoise.Trajectories.Text;

/// <summary>
/// Compresses a piece of a gzip file. Pieces end at whole bytes and refer to nothing before them (RFC 1951, a block of length 0 is a
/// seam), so that they can be made anywhere, and one after the other they are one stream: several readers of gzip files, OVITO's too,
/// stop at the end of the first of several.
/// </summary>
internal sealed class GzipPiece : Stream
{
    // RFC 1952: fixed header, and at the end checksum and length.
    private const int HeaderBytes = 10;
    private const int TrailerBytes = 8;

    private readonly Stream _target;
    private readonly GZipStream _compressor;
    private readonly byte[] _last = new byte[TrailerBytes];
    private long _header = HeaderBytes;
    private bool _ending;

    public GzipPiece(Stream target)
    {
        _target = target;
        // The fastest level: at the next ones the compressor is the bottleneck of the whole program, for a tenth of the size.
        _compressor = new(new Gate(this), CompressionLevel.Fastest, leaveOpen: true);
    }

    /// <summary>Begins a file: deflate, no name, no time.</summary>
    public static ReadOnlySpan<byte> Header => [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 3];

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Bytes of text so far.</summary>
    public long TextLength { get; private set; }

    /// <summary>Ends a file: an empty last block, then checksum and length of all text.</summary>
    public static byte[] Trailer(FramePiece whole)
    {
        byte[] bytes = new byte[2 + TrailerBytes];
        bytes[0] = 3;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(2), whole.Checksum);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(6), (uint)whole.Length);
        return bytes;
    }

    /// <summary>Ends the piece.</summary>
    public FramePiece Complete()
    {
        if (TextLength == 0)
            return default;
        _compressor.Flush();
        // What the compressor says last would end the file; only its checksum is of use.
        _ending = true;
        _compressor.Dispose();
        return new(BinaryPrimitives.ReadUInt32LittleEndian(_last), TextLength);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        TextLength += buffer.Length;
        _compressor.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _ending = true;
        if (disposing)
            _compressor.Dispose();
        base.Dispose(disposing);
    }

    private void Pass(ReadOnlySpan<byte> bytes)
    {
        int header = (int)Math.Min(_header, bytes.Length);
        _header -= header;
        bytes = bytes[header..];
        if (!_ending)
        {
            _target.Write(bytes);
            return;
        }

        // The last eight bytes of all.
        int kept = Math.Min(bytes.Length, TrailerBytes);
        _last.AsSpan(kept).CopyTo(_last);
        bytes[^kept..].CopyTo(_last.AsSpan(TrailerBytes - kept));
    }

    /// <summary>What the compressor writes to.</summary>
    private sealed class Gate(GzipPiece owner) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer) => owner.Pass(buffer);

        public override void Write(byte[] buffer, int offset, int count) => owner.Pass(buffer.AsSpan(offset, count));

        public override void Flush() { }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
