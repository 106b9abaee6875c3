using System.Text.RegularExpressions;

namespace Denoise.Bindings;

/// <summary>C names and types as C# ones: <c>dn_session_options</c> is DnSessionOptions, <c>const double *</c> is double*.</summary>
public sealed partial class CSharpNames(HeaderModel header)
{
    private static readonly Dictionary<string, string> Primitives = new(StringComparer.Ordinal)
    {
        ["void"] = "void",
        ["char"] = "byte",
        ["size_t"] = "nuint",
        ["int32_t"] = "int",
        ["uint32_t"] = "uint",
        ["int64_t"] = "long",
        ["uint64_t"] = "ulong",
        ["float"] = "float",
        ["double"] = "double",
    };

    public static string Pascal(string name) =>
        string.Concat(name.Split('_', StringSplitOptions.RemoveEmptyEntries).Select(w => char.ToUpperInvariant(w[0]) + w[1..]));

    public static string Camel(string name) => char.ToLowerInvariant(name[0]) + Pascal(name)[1..];

    /// <summary>A type that is neither an array nor a function pointer.</summary>
    public string Type(string type)
    {
        string bare = QualifierOrSpace().Replace(type, "");
        int stars = bare.Length - bare.TrimEnd('*').Length;
        string name = bare[..^stars];
        while (header.Aliases.TryGetValue(name, out string? alias))
            name = alias;
        string result = Primitives.TryGetValue(name, out string? primitive) ? primitive
            : header.Structs.Any(s => s.Name == name) ? Pascal(name)
            : throw new NotSupportedException(
                $"{header.FileName}: type '{type}' has no fixed width or no binding; use the types of conventions.md.");
        return result + new string('*', stars);
    }

    /// <summary>A field's declaration without its access.</summary>
    public string Field(HeaderField field)
    {
        string name = Pascal(field.Name);
        if (FixedArray().Match(field.Type) is { Success: true } array)
            return $"fixed {Type(array.Groups[1].Value)} {name}[{array.Groups[2].Value}]";
        if (FunctionPointer().Match(field.Type) is { Success: true } function)
        {
            IEnumerable<string> types = function.Groups[2].Value.Split(',').Select(t => t.Trim()).Where(t => t != "void")
                .Append(function.Groups[1].Value.Trim()).Select(Type);
            return $"delegate* unmanaged[Cdecl]<{string.Join(", ", types)}> {name}";
        }

        return $"{Type(field.Type)} {name}";
    }

    [GeneratedRegex(@"\bconst\b|\s")]
    private static partial Regex QualifierOrSpace();

    [GeneratedRegex(@"^(.*?)\s*\[(\d+)\]$")]
    private static partial Regex FixedArray();

    [GeneratedRegex(@"^(.*?)\(\*\)\((.*)\)$")]
    private static partial Regex FunctionPointer();
}
