namespace Denoise.Atoms.Files;

/// <summary>
/// A file that grows under the name with <c>.part</c> and gets its own when it is complete and on disk: what there is when the process
/// ends, however that may be, is of use. Symbolic links are followed; a file that is replaced leaves its owner and permissions.
/// </summary>
public sealed class PartFile : IUnfinished
{
    private readonly string _path;
    private readonly GrowingFile _file;

    /// <param name="path">the name to be, of a file</param>
    /// <param name="length">bytes of the part that are kept</param>
    /// <exception cref="IOException">it cannot be written</exception>
    public PartFile(string path, long length)
    {
        _path = OutputName.Resolve(path);
        _file = new(PartOf(path), length);
        Stream = new GrowingStream(_file);
    }

    public Stream Stream { get; }

    /// <summary>The name until then.</summary>
    /// <exception cref="IOException">links that go in a circle</exception>
    public static string PartOf(string path) => OutputName.Resolve(path) + ".part";

    public void Overwrite(ReadOnlySpan<byte> head) => _file.Overwrite(head);

    public void Complete()
    {
        _file.FlushToDisk();
        if (FileStatus.Of(_path) is { IsRegular: true } replaced)
            _file.TakeOver(replaced);
        _file.Dispose();
        File.Move(_path + ".part", _path, overwrite: true);
    }

    public void Dispose() => _file.Dispose();

    private sealed class GrowingStream(GrowingFile file) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => file.Length;

        public override long Position
        {
            get => file.Length;
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer) => file.Append(buffer);

        public override void Write(byte[] buffer, int offset, int count) => file.Append(buffer.AsSpan(offset, count));

        public override void Flush() { }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
