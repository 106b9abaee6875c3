using System.Runtime.InteropServices;

namespace Denoise.Atoms.Files;

/// <summary>
/// A file that gets its name when it is complete and on disk. Until then it has none (O_TMPFILE), so that nothing remains however the
/// process ends, killed included; where the file system cannot do that (NFS, Lustre) it has a temporary name in the same folder.
/// Symbolic links are followed: the file that they lead to is the one that is replaced, and its owner and permissions stay. What is no
/// file (a pipe, a device, /dev/stdout) is written to directly.
/// </summary>
public sealed class UnfinishedFile : IUnfinished
{
    private const uint ReadWriteForAll = 0x1B6; // 0666, less the umask

    private readonly string _path;
    private readonly bool _isFile;
    private readonly bool _replaces;
    private readonly int _descriptor;
    private bool _hasTemporaryName;

    /// <param name="path">the name to be</param>
    /// <param name="mayBeUnnamed">false: with a temporary name, as where the file system knows no other way</param>
    /// <exception cref="IOException">the folder does not exist or cannot be written to</exception>
    public UnfinishedFile(string path, bool mayBeUnnamed = true)
    {
        _path = OutputName.Resolve(path);
        // Not made of the name, which may already be as long as names can be.
        TemporaryPath = Path.Combine(Folder, $".denoise-{Path.GetRandomFileName()}.tmp");
        if (OutputName.Descriptor(_path) is { } open)
        {
            _descriptor = open;
            Stream = new DescriptorStream(open);
            return;
        }

        FileStatus? old = FileStatus.Of(_path);
        _isFile = old is null or { IsRegular: true } or { IsFolder: true };
        _replaces = old is not null;
        if (old is { IsFolder: false })
            _descriptor = OpenExisting();
        if (_isFile)
        {
            // It may be written, then; and what is in it stays until the new one is complete.
            if (old is { IsFolder: false })
                _ = LibC.Close(_descriptor);
            _descriptor = Create(mayBeUnnamed);
        }

        Stream = new DescriptorStream(_descriptor, isOwner: true);
        if (old is { IsRegular: true } replaced)
            TakeOver(replaced);
    }

    /// <summary>Unbuffered.</summary>
    public Stream Stream { get; }

    /// <summary>What may have to be removed if the process ends before <see cref="Dispose"/>.</summary>
    public string TemporaryPath { get; }

    public void Overwrite(ReadOnlySpan<byte> head) => LibC.WriteAt(_descriptor, head, 0);

    private string Folder => Path.GetDirectoryName(_path) ?? "/";

    /// <summary>Gives the file its name, in the place of any file that has it, once all is on disk: whatever fails, there is the one
    /// file or the other.</summary>
    public void Complete()
    {
        if (_isFile)
        {
            Flush(_descriptor);
            // A name cannot be given over an existing one in one step; a rename can.
            if (_hasTemporaryName || _replaces || !TryName(_path))
                Rename();
            FlushFolder();
        }

        Stream.Dispose();
    }

    public void Dispose()
    {
        Stream.Dispose();
        if (_hasTemporaryName)
            File.Delete(TemporaryPath);
        _hasTemporaryName = false;
    }

    private static void Flush(int descriptor)
    {
        // Some file systems and devices have nothing to flush.
        if (LibC.FSync(descriptor) != 0 && Marshal.GetLastPInvokeError() is not (LibC.InvalidArgument or LibC.NotSupported))
            throw LibC.Failure();
    }

    private int OpenExisting()
    {
        int descriptor = LibC.Open(_path, LibC.WriteOnly | LibC.CloseOnExec, 0);
        return descriptor >= 0 ? descriptor : throw LibC.Failure();
    }

    private int Create(bool mayBeUnnamed)
    {
        int descriptor = -1;
        if (mayBeUnnamed && OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64)
            descriptor = LibC.Open(Folder, LibC.Unnamed | LibC.WriteOnly | LibC.CloseOnExec, ReadWriteForAll);
        if (descriptor >= 0)
            return descriptor;

        // Whatever the reason was, creating the file by name has it too, or has none.
        descriptor = LibC.Open(TemporaryPath, LibC.WriteOnly | LibC.Create | LibC.Exclusive | LibC.CloseOnExec, ReadWriteForAll);
        _hasTemporaryName = descriptor >= 0;
        return _hasTemporaryName ? descriptor : throw LibC.Failure();
    }

    private void TakeOver(FileStatus old)
    {
        // Only root may give a file away; otherwise it is now the user's own.
        bool isSameOwner = LibC.FChOwn(_descriptor, old.User, old.Group) == 0;
        if (LibC.FChMod(_descriptor, (uint)(isSameOwner ? old.AllPermissions : old.Permissions)) == 0)
            return;
        IOException failure = LibC.Failure();
        Dispose();
        throw failure;
    }

    private void Rename()
    {
        if (!_hasTemporaryName && !TryName(TemporaryPath))
            throw LibC.Failure();
        _hasTemporaryName = true;
        File.Move(TemporaryPath, _path, overwrite: true);
        _hasTemporaryName = false;
    }

    /// <summary>False: another file has the name.</summary>
    private bool TryName(string name)
    {
        if (LibC.LinkAt(LibC.CurrentFolder, $"/proc/self/fd/{_descriptor}", LibC.CurrentFolder, name, LibC.FollowLink) == 0)
            return true;
        return Marshal.GetLastPInvokeError() == LibC.FileExists ? false : throw LibC.Failure();
    }

    /// <summary>So that after a loss of power the name is there, too.</summary>
    private void FlushFolder()
    {
        int folder = LibC.Open(Folder, LibC.ReadOnly | LibC.Folder | LibC.CloseOnExec, 0);
        if (folder < 0)
            return; // It may be entered and written to, and not be read.
        try
        {
            Flush(folder);
        }
        finally
        {
            _ = LibC.Close(folder);
        }
    }
}
