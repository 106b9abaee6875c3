using System.Text.RegularExpressions;

namespace Denoise.Bindings;

/// <summary>C types as clang writes them, taken apart.</summary>
public static partial class CTypes
{
    /// <summary>Whether it is an array of fixed length, as <c>double[9]</c>.</summary>
    public static bool IsArray(string type, out string element, out string length)
    {
        Match match = FixedArray().Match(type);
        (element, length) = (match.Groups[1].Value, match.Groups[2].Value);
        return match.Success;
    }

    /// <summary>Whether it is a pointer to a function.</summary>
    public static bool IsFunction(string type, out string result, out IReadOnlyList<string> parameters)
    {
        Match match = FunctionPointer().Match(type);
        result = match.Groups[1].Value.Trim();
        parameters = [.. match.Groups[2].Value.Split(',').Select(t => t.Trim()).Where(t => t.Length > 0 && t != "void")];
        return match.Success;
    }

    /// <summary>Any other type: its name behind all aliases, without qualifiers, and how many pointers lead there.</summary>
    public static (string Name, int Stars) Bare(string type, HeaderModel header)
    {
        string bare = QualifierOrSpace().Replace(type, "");
        string name = bare.TrimEnd('*');
        int stars = bare.Length - name.Length;
        while (header.Aliases.TryGetValue(name, out string? alias))
            name = alias;
        return (name, stars);
    }

    [GeneratedRegex(@"\bconst\b|\s")]
    private static partial Regex QualifierOrSpace();

    [GeneratedRegex(@"^(.*?)\s*\[(\d+)\]$")]
    private static partial Regex FixedArray();

    [GeneratedRegex(@"^(.*?)\(\*\)\((.*)\)$")]
    private static partial Regex FunctionPointer();
}
