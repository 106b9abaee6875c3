using System.Runtime.InteropServices;

namespace Denoise.Atoms.Files;

/// <summary>Which file a name leads to, links followed, and what kind of file it is.</summary>
/// <param name="Device">with the inode: which file it is, whatever its names are</param>
/// <param name="Mode">kind and permissions</param>
/// <param name="Size">bytes</param>
public readonly record struct FileStatus(ulong Device, ulong Inode, int Mode, uint User, uint Group, ulong Size)
{
    // S_IFMT, S_IFREG, S_IFDIR, and all permissions.
    private const int KindBits = 0xF000;
    private const int RegularKind = 0x8000;
    private const int FolderKind = 0x4000;
    private const int PermissionBits = 0x1FF;
    private const int AllPermissionBits = 0xFFF;

    // STATX_BASIC_STATS.
    private const uint Wanted = 0x7FF;

    public bool IsRegular => (Mode & KindBits) == RegularKind;

    public bool IsFolder => (Mode & KindBits) == FolderKind;

    /// <summary>Of owner, group and others.</summary>
    public int Permissions => Mode & PermissionBits;

    /// <summary>With those that act as the owner.</summary>
    public int AllPermissions => Mode & AllPermissionBits;

    public bool IsSameFileAs(FileStatus other) => Device == other.Device && Inode == other.Inode;

    /// <summary>Null: there is no such file.</summary>
    /// <exception cref="IOException">the name leads nowhere: too long, a circle of links, a folder that may not be entered</exception>
    public static FileStatus? Of(string path) => path.Length == 0 ? null : Get(LibC.CurrentFolder, Path.GetFullPath(path), 0);

    /// <summary>Of a file that is open.</summary>
    public static FileStatus? Of(int descriptor) => Get(descriptor, "", LibC.EmptyPath);

    private static unsafe FileStatus? Get(int folder, string path, int flags)
    {
        LibC.StatXBuffer buffer;
        if (LibC.StatX(folder, path, flags, Wanted, &buffer) == 0)
            return new(buffer.Device, buffer.Inode, buffer.Mode, buffer.User, buffer.Group, buffer.Size);
        return Marshal.GetLastPInvokeError() is LibC.NoSuchFile or LibC.NotAFolder ? null : throw LibC.Failure();
    }
}
