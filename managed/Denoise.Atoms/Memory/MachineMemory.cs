using System.Globalization;

namespace Denoise.Atoms.Memory;

/// <summary>
/// How much memory this process may still take: what the machine has (MemAvailable of /proc/meminfo), what its control groups leave
/// (version 1 and 2: a batch system's or a container's limit), and what its own limits leave (ulimit -v and -d). Read anew by every
/// call, from text files that every Linux has; those that are missing do not limit.
/// </summary>
/// <param name="root">folder that stands for /</param>
public sealed class MachineMemory(string root = "/")
{
    private const string Groups = "sys/fs/cgroup";

    /// <summary>Bytes; the largest number where nothing limits.</summary>
    public long Available()
    {
        long available = Kilobytes("proc/meminfo", "MemAvailable:") ?? long.MaxValue;
        foreach (string line in Lines("proc/self/cgroup"))
        {
            // 0::/user.slice/job is version 2; 4:memory:/job is version 1.
            string[] parts = line.Split(':', 3);
            if (parts.Length < 3)
                continue;
            if (parts[1].Length == 0)
                available = Math.Min(available, LeftOf(Groups, parts[2], "memory.max", "memory.current", "inactive_file"));
            else if (parts[1].Split(',').Contains("memory"))
                available = Math.Min(available, LeftOf(
                    Groups + "/memory", parts[2], "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"));
        }

        available = Math.Min(available, LeftOf("Max address space", "VmSize:"));
        return Math.Max(Math.Min(available, LeftOf("Max data size", "VmData:")), 0);
    }

    /// <summary>The least that a group and those that it lies in leave; files that are only cached count as free.</summary>
    private long LeftOf(string mount, string group, string limitFile, string usedFile, string cachedKey)
    {
        long left = long.MaxValue;
        for (string? folder = group.TrimStart('/'); folder is not null; folder = folder.Length > 0 ? Path.GetDirectoryName(folder) : null)
        {
            string path = Path.Combine(mount, folder);
            // "max" is no number, and no limit.
            if (Number(Path.Combine(path, limitFile)) is not { } limit || Number(Path.Combine(path, usedFile)) is not { } used)
                continue;
            long cached = Lines(Path.Combine(path, "memory.stat"))
                .Where(line => line.StartsWith(cachedKey + " ", StringComparison.Ordinal))
                .Select(line => Parse(line[(cachedKey.Length + 1)..]) ?? 0).FirstOrDefault();
            left = Math.Min(left, limit - Math.Max(used - cached, 0));
        }

        return left;
    }

    /// <summary>What a limit of this process leaves; the soft limit stands in the column after its name.</summary>
    private long LeftOf(string limit, string used)
    {
        string? line = Lines("proc/self/limits").FirstOrDefault(text => text.StartsWith(limit, StringComparison.Ordinal));
        string? soft = line?[limit.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return Parse(soft) is { } bytes ? bytes - (Kilobytes("proc/self/status", used) ?? 0) : long.MaxValue;
    }

    private long? Kilobytes(string file, string key)
    {
        string? line = Lines(file).FirstOrDefault(text => text.StartsWith(key, StringComparison.Ordinal));
        return Parse(line?[key.Length..].Replace("kB", "", StringComparison.Ordinal)) * 1024;
    }

    private long? Number(string file) => Parse(Lines(file).FirstOrDefault());

    private static long? Parse(string? text) =>
        long.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out long value)
            ? value : null;

    private string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(Path.Combine(root, file));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
