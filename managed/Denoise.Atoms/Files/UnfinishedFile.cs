using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Denoise.Atoms.Files;

/// <summary>
/// A file that gets its name when it is complete. Until then it has none (O_TMPFILE), so that nothing remains however the process
/// ends, killed included; where the file system cannot do that (NFS, Lustre) it has a temporary name in the same folder.
/// </summary>
public sealed partial class UnfinishedFile : IDisposable
{
    // <fcntl.h> of Linux on x86-64; others take the road with a name.
    private const int WriteOnly = 1;
    private const int CloseOnExec = 0x80000;
    private const int Unnamed = 0x410000;
    private const int CurrentFolder = -100;
    private const int FollowLink = 0x400;
    private const uint ReadWriteForAll = 0x1B6; // 0666, less the umask

    private readonly string _path;
    private readonly FileStream _stream;
    private bool _hasName;

    /// <param name="path">the name to be</param>
    /// <param name="mayBeUnnamed">false: with a temporary name, as where the file system knows no other way</param>
    /// <exception cref="IOException">the folder does not exist or cannot be written to</exception>
    /// <exception cref="UnauthorizedAccessException">the folder may not be written to</exception>
    public UnfinishedFile(string path, bool mayBeUnnamed = true)
    {
        _path = path;
        TemporaryPath = $"{path}.{Path.GetRandomFileName()}.tmp";
        if (mayBeUnnamed && TryCreateUnnamed() is { } unnamed)
        {
            _stream = unnamed;
            return;
        }

        _stream = new(TemporaryPath, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 0, FileOptions.SequentialScan);
        _hasName = true;
    }

    /// <summary>Unbuffered.</summary>
    public Stream Stream => _stream;

    /// <summary>What may have to be removed if the process ends before <see cref="Dispose"/>.</summary>
    public string TemporaryPath { get; }

    /// <summary>Gives the file its name, in the place of any file that has it.</summary>
    /// <param name="isDurable">true: once all is on disk, so that whatever fails leaves the one file or the other</param>
    public void Complete(bool isDurable = false)
    {
        if (isDurable)
            _stream.Flush(flushToDisk: true);
        // A name cannot be given over an existing one in one step; a rename can.
        if (!_hasName)
            NameTemporarily();
        _stream.Dispose();
        File.Move(TemporaryPath, _path, overwrite: true);
        _hasName = false;
    }

    public void Dispose()
    {
        _stream.Dispose();
        if (_hasName)
            File.Delete(TemporaryPath);
        _hasName = false;
    }

    private FileStream? TryCreateUnnamed()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            return null;
        string folder = Path.GetDirectoryName(Path.GetFullPath(_path))!;
        int descriptor = Open(folder, Unnamed | WriteOnly | CloseOnExec, ReadWriteForAll);
        // Whatever the reason was, creating the file by name has it too, or has none.
        return descriptor < 0 ? null : new(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Write, 0);
    }

    private void NameTemporarily()
    {
        string source = $"/proc/self/fd/{_stream.SafeFileHandle.DangerousGetHandle()}";
        if (LinkAt(CurrentFolder, source, CurrentFolder, TemporaryPath, FollowLink) != 0)
            throw new IOException($"{Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        _hasName = true;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "linkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkAt(int fromFolder, string from, int toFolder, string to, int flags);
}
