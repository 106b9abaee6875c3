using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Denoise.Bindings;

/// <summary>Writes the Python side of a header: constants, structs and functions for ctypes, by their names in C.</summary>
public sealed partial class PythonWriter(HeaderModel header)
{
    private static readonly Dictionary<string, string> Primitives = new(StringComparer.Ordinal)
    {
        ["size_t"] = "c_size_t",
        ["int32_t"] = "c_int32",
        ["uint32_t"] = "c_uint32",
        ["int64_t"] = "c_int64",
        ["uint64_t"] = "c_uint64",
        ["float"] = "c_float",
        ["double"] = "c_double",
    };

    public string Write()
    {
        StringBuilder body = new();
        foreach (HeaderConstant constant in header.Constants)
            body.Append(CultureInfo.InvariantCulture, $"{constant.Name} = {constant.Value}\n");
        foreach (HeaderStruct item in header.Structs)
        {
            body.Append(CultureInfo.InvariantCulture, $"\n\nclass {item.Name}(Structure):\n    _fields_ = [\n");
            foreach (HeaderField field in item.Fields)
                body.Append(CultureInfo.InvariantCulture, $"        (\"{field.Name}\", {FieldType(field.Type)}),\n");
            body.Append("    ]\n");
        }

        body.Append("\n\n# What is returned and what is taken, of every function.\nFUNCTIONS = {\n");
        foreach (HeaderFunction function in header.Functions)
            body.Append(CultureInfo.InvariantCulture,
                $"    \"{function.Name}\": ({Type(function.ReturnType)}, [{string.Join(", ", function.Parameters.Select(p => Type(p.Type)))}]),\n");
        body.Append("}\n\n# Sizes and offsets in bytes as the C compiler says; ctypes works them out anew.\nLAYOUT = {\n");
        foreach (HeaderStruct item in header.Structs)
        {
            body.Append(CultureInfo.InvariantCulture, $"    {item.Name}: ({item.Size}, {{\n");
            foreach (HeaderField field in item.Fields)
                body.Append(CultureInfo.InvariantCulture, $"        \"{field.Name}\": {field.Offset},\n");
            body.Append("    }),\n");
        }

        body.Append("}\n");

        string text = body.ToString();
        IEnumerable<string> used = CtypesName().Matches(text).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal);
        return $"""
            # From {header.FileName} by interop/generator; do not edit, run interop/generate.sh.
            # pylint: disable=invalid-name,missing-class-docstring,too-few-public-methods,line-too-long
            from ctypes import {string.Join(", ", used)}


            """ + text;
    }

    /// <summary>A type that is neither an array nor a function pointer.</summary>
    private string Type(string type)
    {
        var (name, stars) = CTypes.Bare(type, header);
        string result;
        if (name is "char" or "void" && stars > 0)
        {
            result = name == "char" ? "c_char_p" : "c_void_p";
            stars--;
        }
        else if (!Primitives.TryGetValue(name, out result!))
        {
            result = header.Structs.Any(s => s.Name == name) ? name
                : throw new NotSupportedException($"{header.FileName}: type '{type}' has no counterpart in ctypes.");
        }

        for (; stars > 0; stars--)
            result = $"POINTER({result})";
        return result;
    }

    private string FieldType(string type)
    {
        if (CTypes.IsArray(type, out string element, out string length))
            return $"{Type(element)} * {length}";
        return CTypes.IsFunction(type, out string result, out IReadOnlyList<string> parameters)
            ? $"CFUNCTYPE({string.Join(", ", parameters.Prepend(result).Select(Type))})"
            : Type(type);
    }

    [GeneratedRegex(@"\b(CFUNCTYPE|POINTER|Structure|c_\w+)\b")]
    private static partial Regex CtypesName();
}
