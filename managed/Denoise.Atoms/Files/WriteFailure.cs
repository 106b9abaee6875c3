namespace Denoise.Atoms.Files;

/// <summary>A file that cannot be written, as a sentence for the user.</summary>
public static class WriteFailure
{
    /// <summary>Whether disk, folder or permissions are at fault.</summary>
    public static bool IsFromSystem(Exception error) => error is (IOException or UnauthorizedAccessException) and not ClosedPipeException;

    /// <param name="path">the file as the user named it</param>
    /// <param name="error">one that <see cref="IsFromSystem"/></param>
    /// <remarks>In folders such as /proc a new file is said not to exist, although the folder does.</remarks>
    public static InputException Of(string path, Exception error) =>
        error is DirectoryNotFoundException && !Directory.Exists(FolderOf(path))
        ? new InputException($"{path}: the folder does not exist; create it first", error)
        : new InputException($"{path}: cannot be written: {error.Message}", error);

    /// <summary>Where the file would lie, links followed.</summary>
    private static string? FolderOf(string path)
    {
        FileInfo file = new(path);
        string target = file.LinkTarget is null ? file.FullName : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        return Path.GetDirectoryName(target);
    }
}
