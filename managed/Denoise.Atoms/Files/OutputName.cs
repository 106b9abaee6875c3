using System.Globalization;
using System.Text;

namespace Denoise.Atoms.Files;

/// <summary>Where output under a name really goes: through links, to an open descriptor, to a pipe or a device.</summary>
public static class OutputName
{
    // As the kernel's own limits.
    private const int MostLinks = 40;
    private const int LongestPath = 4096;

    private static readonly string[] DescriptorFolders = ["/dev/fd/", "/proc/self/fd/"];

    /// <summary>Whether the name is one of standard output's.</summary>
    public static bool IsStandardOutput(string path) => Descriptor(Resolve(path)) == 1;

    /// <summary>Whether what is written goes to a program or a device, and no file comes of it.</summary>
    public static bool IsStream(string path)
    {
        string target = Resolve(path);
        return Descriptor(target) is not null || FileStatus.Of(target) is { IsRegular: false, IsFolder: false };
    }

    /// <summary>The name at the end of the links, which need not exist.</summary>
    /// <exception cref="IOException">the links go in a circle</exception>
    internal static string Resolve(string path)
    {
        string name = Path.GetFullPath(path);
        for (int links = 0; links < MostLinks; links++)
        {
            if (Descriptor(name) is not null || LinkIn(name) is not { } target)
                return name;
            // Not normalized: behind a linked folder, ".." is another one.
            name = target.StartsWith('/') ? target : name[..(name.LastIndexOf('/') + 1)] + target;
        }

        throw new IOException("Too many levels of symbolic links");
    }

    /// <summary>The number of an open file that a resolved name stands for, as /dev/stdout does; null: none.</summary>
    internal static int? Descriptor(string target)
    {
        foreach (string folder in DescriptorFolders)
            if (target.StartsWith(folder, StringComparison.Ordinal) &&
                int.TryParse(target.AsSpan(folder.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int descriptor))
                return descriptor;
        return null;
    }

    private static unsafe string? LinkIn(string path)
    {
        Span<byte> target = stackalloc byte[LongestPath];
        fixed (byte* start = target)
        {
            nint length = LibC.ReadLink(path, start, LongestPath);
            return length < 0 ? null : Encoding.UTF8.GetString(target[..(int)length]);
        }
    }
}
