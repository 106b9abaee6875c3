namespace Denoise.Bindings;

/// <summary>C names and types as C# ones: <c>dn_session_options</c> is DnSessionOptions, <c>const double *</c> is double*.</summary>
public sealed class CSharpNames(HeaderModel header)
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
        var (name, stars) = CTypes.Bare(type, header);
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
        if (CTypes.IsArray(field.Type, out string element, out string length))
            return $"fixed {Type(element)} {name}[{length}]";
        if (CTypes.IsFunction(field.Type, out string result, out IReadOnlyList<string> parameters))
            return $"delegate* unmanaged[Cdecl]<{string.Join(", ", parameters.Append(result).Select(Type))}> {name}";
        return $"{Type(field.Type)} {name}";
    }
}
