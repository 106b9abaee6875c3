using System.IO.Enumeration;
using Denoise.Atoms;
using Denoise.Atoms.Files;

namespace Denoise.Cli.Input;

/// <summary>The files that the words of a command line stand for.</summary>
internal static class InputFiles
{
    /// <summary>What standard input is called.</summary>
    public const string StandardInput = "-";

    private static readonly char[] Wildcards = ['*', '?'];

    /// <summary>
    /// Names as they are; of a pattern with * and ?, unless a file has that very name, the files that match, numbers in their names
    /// in numerical order.
    /// </summary>
    /// <exception cref="InputException">no file matches a pattern, or standard input is not alone</exception>
    public static IReadOnlyList<string> Expand(IReadOnlyList<string> words)
    {
        List<string> files = [];
        foreach (string word in words)
            if (word.IndexOfAny(Wildcards) < 0 || File.Exists(word))
                files.Add(word);
            else
                files.AddRange(Matching(word));
        if (files.Count > 1 && files.Contains(StandardInput))
            throw new InputException("'-' is standard input, which cannot be read together with other files.");
        return files;
    }

    /// <summary>Whether all are files that several can read, and again.</summary>
    public static bool AreRegular(IEnumerable<string> files) => files.All(file => IsRegular(file));

    private static bool IsRegular(string file)
    {
        try
        {
            return file != StandardInput && FileStatus.Of(file) is { IsRegular: true };
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static List<string> Matching(string pattern)
    {
        List<string> found = [pattern.StartsWith('/') ? "/" : ""];
        string[] parts = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (int k = 0; k < parts.Length; k++)
        {
            bool isLast = k == parts.Length - 1;
            found = [.. found.SelectMany(folder => Entries(folder, parts[k], isLast))];
        }

        if (found.Count == 0)
            throw new InputException($"{pattern}: no file matches; check the folder and the pattern.");
        found.Sort(CompareNaturally);
        return found;
    }

    private static IEnumerable<string> Entries(string folder, string part, bool isLast)
    {
        if (part.IndexOfAny(Wildcards) < 0)
        {
            string name = folder + part;
            return (isLast ? File.Exists(name) : Directory.Exists(name)) ? [isLast ? name : name + "/"] : [];
        }

        try
        {
            DirectoryInfo directory = new(folder.Length == 0 ? "." : folder);
            IEnumerable<FileSystemInfo> entries = isLast ? directory.EnumerateFiles() : directory.EnumerateDirectories();
            return [.. entries
                .Select(entry => entry.Name)
                // As in a shell, hidden files are named by their point.
                .Where(name => FileSystemName.MatchesSimpleExpression(part, name, ignoreCase: false) && (name[0] != '.' || part[0] == '.'))
                .Select(name => folder + name + (isLast ? "" : "/"))];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Digits as numbers, everything else by its code.</summary>
    internal static int CompareNaturally(string a, string b)
    {
        int i = 0, j = 0;
        while (i < a.Length && j < b.Length)
        {
            if (char.IsAsciiDigit(a[i]) && char.IsAsciiDigit(b[j]))
            {
                ReadOnlySpan<char> first = Digits(a, ref i), second = Digits(b, ref j);
                int order = first.Length != second.Length ? first.Length - second.Length : first.SequenceCompareTo(second);
                if (order != 0)
                    return order;
            }
            else if (a[i] != b[j])
            {
                return a[i] - b[j];
            }
            else
            {
                (i, j) = (i + 1, j + 1);
            }
        }

        int rest = (a.Length - i) - (b.Length - j);
        return rest != 0 ? rest : string.CompareOrdinal(a, b);
    }

    /// <summary>A number without its leading zeros.</summary>
    private static ReadOnlySpan<char> Digits(string text, ref int i)
    {
        int start = i;
        while (i < text.Length && char.IsAsciiDigit(text[i]))
            i++;
        while (start < i - 1 && text[start] == '0')
            start++;
        return text.AsSpan(start, i - start);
    }
}
