using System.Runtime.InteropServices;

namespace Denoise.Atoms.Files;

/// <summary>What files need of the C library and .NET does not offer. Constants are those of Linux on x86-64.</summary>
internal static unsafe partial class LibC
{
    public const int CurrentFolder = -100;
    public const int EmptyPath = 0x1000;
    public const int FollowLink = 0x400;

    public const int ReadOnly = 0;
    public const int WriteOnly = 1;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int Append = 0x400;
    public const int CloseOnExec = 0x80000;
    public const int Folder = 0x10000;

    /// <summary>O_TMPFILE: a file without a name in a folder.</summary>
    public const int Unnamed = 0x410000;

    public const int NoSuchFile = 2;
    public const int Interrupted = 4;
    public const int WouldBlock = 11;
    public const int FileExists = 17;
    public const int NotAFolder = 20;
    public const int InvalidArgument = 22;
    public const int BrokenPipe = 32;
    public const int NotSupported = 95;

    public const short PollOut = 4;

    /// <summary>The last failure as an exception with the system's own words; what cannot be made for want of a file wants a folder.
    /// </summary>
    public static IOException Failure()
    {
        int error = Marshal.GetLastPInvokeError();
        string reason = Marshal.GetPInvokeErrorMessage(error);
        return error == NoSuchFile ? new DirectoryNotFoundException(reason) : new IOException(reason);
    }

    /// <summary>Writes over what is at a place of a file.</summary>
    /// <exception cref="IOException">the disk is full, say</exception>
    public static void WriteAt(int descriptor, ReadOnlySpan<byte> bytes, long offset)
    {
        fixed (byte* data = bytes)
            for (int done = 0; done < bytes.Length;)
            {
                nint written = WriteAt(descriptor, data + done, bytes.Length - done, offset + done);
                if (written >= 0)
                    done += (int)written;
                else if (Marshal.GetLastPInvokeError() != Interrupted)
                    throw Failure();
            }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, byte* data, nint bytes);

    [LibraryImport("libc", EntryPoint = "pwrite", SetLastError = true)]
    public static partial nint WriteAt(int descriptor, byte* data, nint bytes, long offset);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    public static partial int FTruncate(int descriptor, long length);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    public static partial int FChOwn(int descriptor, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    public static partial int FChMod(int descriptor, uint permissions);

    [LibraryImport("libc", EntryPoint = "linkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LinkAt(int fromFolder, string from, int toFolder, string to, int flags);

    [LibraryImport("libc", EntryPoint = "readlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint ReadLink(string path, byte* target, nint bytes);

    // Not stat: before version 2.33 that was no symbol of the library, and its struct differs between processors.
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int StatX(int folder, string path, int flags, uint mask, StatXBuffer* buffer);

    public struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    /// <summary>struct statx of the kernel, as far as it is used.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    public struct StatXBuffer
    {
        [FieldOffset(20)]
        public uint User;

        [FieldOffset(24)]
        public uint Group;

        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(40)]
        public ulong Size;

        [FieldOffset(136)]
        public ulong Device;
    }
}
