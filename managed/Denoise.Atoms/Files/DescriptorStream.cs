using System.Runtime.InteropServices;

namespace Denoise.Atoms.Files;

/// <summary>
/// Writes to a file descriptor: standard output, a pipe, a device, a file. .NET's console streams first tell a terminal which keys to send;
/// under mpirun standard output is a terminal even where the user's is a pipe, and those bytes would stand before the results.
/// </summary>
/// <param name="descriptor">open for writing</param>
/// <param name="name">for messages; null: they are the system's alone</param>
/// <param name="isOwner">whether to close it</param>
public sealed unsafe class DescriptorStream(int descriptor, string? name = null, bool isOwner = false) : Stream
{
    private bool _isClosed;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="ClosedPipeException">whoever was reading has gone</exception>
    /// <exception cref="IOException">the disk is full, say</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        fixed (byte* pointer = buffer)
        {
            int done = 0;
            while (done < buffer.Length)
            {
                nint written = LibC.Write(descriptor, pointer + done, buffer.Length - done);
                if (written >= 0)
                    done += (int)written;
                else
                    Recover(Marshal.GetLastPInvokeError());
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (isOwner && !_isClosed)
            _ = LibC.Close(descriptor);
        _isClosed = true;
        base.Dispose(disposing);
    }

    private void Recover(int error)
    {
        switch (error)
        {
            case LibC.Interrupted:
                return;
            case LibC.WouldBlock:
                // Another program that shares the terminal or pipe made it so.
                LibC.PollEntry entry = new() { Descriptor = descriptor, Events = LibC.PollOut };
                _ = LibC.Poll(&entry, 1, -1);
                return;
            case LibC.BrokenPipe:
                throw new ClosedPipeException();
            default:
                string reason = Marshal.GetPInvokeErrorMessage(error);
                throw new IOException(name is null ? reason : $"{name} cannot be written: {reason}.");
        }
    }
}
