using System.Runtime.InteropServices;

namespace Denoise.Atoms.Files;

/// <summary>A file that grows at its end, by what is written whole: a table, say, that others read meanwhile.</summary>
public sealed class GrowingFile : IDisposable
{
    private const uint ReadWriteForAll = 0x1B6; // 0666, less the umask

    private readonly string _path;
    private readonly int _descriptor;
    private readonly DescriptorStream _stream;

    /// <param name="path">the file, which is made where there is none</param>
    /// <param name="length">bytes of it that are kept</param>
    /// <exception cref="IOException">it cannot be written</exception>
    public GrowingFile(string path, long length)
    {
        _path = Path.GetFullPath(path);
        _descriptor = LibC.Open(
            _path, LibC.WriteOnly | LibC.Create | LibC.Append | LibC.CloseOnExec, ReadWriteForAll);
        if (_descriptor < 0)
            throw LibC.Failure();
        _stream = new(_descriptor, isOwner: true);
        Length = length;
        // Of a pipe or a device nothing can be taken back.
        if (FileStatus.Of(_descriptor) is not { IsRegular: true } || LibC.FTruncate(_descriptor, length) == 0)
            return;
        IOException failure = LibC.Failure();
        Dispose();
        throw failure;
    }

    public long Length { get; private set; }

    /// <summary>All of it, or nothing.</summary>
    /// <exception cref="IOException">the disk is full, say; the file is as before</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _stream.Write(bytes);
            Length += bytes.Length;
        }
        catch (IOException)
        {
            _ = LibC.FTruncate(_descriptor, Length);
            throw;
        }
    }

    /// <summary>Writes over the file's first bytes, which others may see half done.</summary>
    /// <exception cref="IOException">it cannot be written</exception>
    public void Overwrite(ReadOnlySpan<byte> head)
    {
        // What is open to append writes nowhere else.
        int descriptor = LibC.Open(_path, LibC.WriteOnly | LibC.CloseOnExec, 0);
        if (descriptor < 0)
            throw LibC.Failure();
        try
        {
            LibC.WriteAt(descriptor, head, 0);
        }
        finally
        {
            _ = LibC.Close(descriptor);
        }
    }

    /// <summary>Returns when all of it is on disk.</summary>
    public void FlushToDisk()
    {
        // Some file systems and devices have nothing to flush.
        if (LibC.FSync(_descriptor) != 0 && Marshal.GetLastPInvokeError() is not (LibC.InvalidArgument or LibC.NotSupported))
            throw LibC.Failure();
    }

    /// <summary>Owner and permissions of a file whose place it takes; only root may give a file away.</summary>
    internal void TakeOver(FileStatus old)
    {
        bool isSameOwner = LibC.FChOwn(_descriptor, old.User, old.Group) == 0;
        if (LibC.FChMod(_descriptor, (uint)(isSameOwner ? old.AllPermissions : old.Permissions)) != 0)
            throw LibC.Failure();
    }

    public void Dispose() => _stream.Dispose();
}
