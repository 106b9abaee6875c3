using System.Runtime.InteropServices;

namespace Denoise.Cli.Output;

/// <summary>
/// Writes to a file descriptor that is open already. .NET's console streams first tell a terminal which keys to send; under mpirun
/// standard output is a terminal even where the user's is a pipe, and those bytes would stand before the results.
/// </summary>
internal sealed unsafe partial class DescriptorStream(int descriptor) : Stream
{
    // Linux: errno and poll(2).
    private const int Interrupted = 4;
    private const int WouldBlock = 11;
    private const int BrokenPipe = 32;
    private const short PollOut = 4;

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
                nint written = WriteSome(descriptor, pointer + done, buffer.Length - done);
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

    private void Recover(int error)
    {
        switch (error)
        {
            case Interrupted:
                return;
            case WouldBlock:
                // Another program that shares the terminal or pipe made it so.
                PollEntry entry = new() { Descriptor = descriptor, Events = PollOut };
                _ = Poll(&entry, 1, -1);
                return;
            case BrokenPipe:
                throw new ClosedPipeException();
            default:
                throw new IOException($"{(descriptor == 1 ? "standard output" : "standard error")} cannot be written: " +
                    $"{Marshal.GetPInvokeErrorMessage(error)}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteSome(int descriptor, byte* data, nint bytes);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(PollEntry* entries, nuint count, int milliseconds);

    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
