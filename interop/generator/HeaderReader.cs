using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Denoise.Bindings;

/// <summary>
/// Reads a header through clang in two passes: the first finds the declarations; the second asks the compiler, by enumerators
/// such as <c>offsetof(dn_frame, cell)</c>, for every number. So no number is computed here.
/// </summary>
public sealed partial class HeaderReader(Clang clang, string prefix)
{
    public HeaderModel Read(string headerPath)
    {
        string include = $"#include \"{Path.GetFullPath(headerPath)}\"\n";
        string[] macros = [.. IntegerMacros(clang.Macros(include))];

        Dictionary<string, string> aliases = new(StringComparer.Ordinal);
        List<(string Name, List<(string Name, string Type)> Fields)> structs = [];
        List<HeaderFunction> functions = [];
        using (JsonDocument tree = clang.SyntaxTree(include))
            foreach (JsonElement node in Named(tree))
                ReadDeclaration(node, aliases, structs, functions);

        Dictionary<string, long> numbers = Numbers(include, macros, structs);
        return new(
            Path.GetFileName(headerPath),
            [.. macros.Select(m => new HeaderConstant(m, numbers[m]))],
            aliases,
            [.. structs.Select(s => new HeaderStruct(s.Name, numbers[$"size__{s.Name}"],
                [.. s.Fields.Select(f => new HeaderField(f.Name, f.Type, numbers[$"offset__{s.Name}__{f.Name}"]))]))],
            functions);
    }

    private static void ReadDeclaration(
        JsonElement node,
        Dictionary<string, string> aliases,
        List<(string Name, List<(string Name, string Type)> Fields)> structs,
        List<HeaderFunction> functions)
    {
        string name = node.GetProperty("name").GetString()!;
        switch (node.GetProperty("kind").GetString())
        {
            case "TypedefDecl" when TypeOf(node) != $"struct {name}":
                aliases[name] = TypeOf(node);
                break;
            case "RecordDecl" when node.TryGetProperty("completeDefinition", out _):
                structs.Add((name, [.. Children(node, "FieldDecl").Select(f => (f.GetProperty("name").GetString()!, TypeOf(f)))]));
                break;
            case "FunctionDecl":
                string signature = TypeOf(node);
                functions.Add(new(name, signature[..signature.IndexOf('(')].TrimEnd(),
                    [.. Children(node, "ParmVarDecl").Select(p => new HeaderParameter(p.GetProperty("name").GetString()!, TypeOf(p)))]));
                break;
        }
    }

    private Dictionary<string, long> Numbers(
        string include, string[] macros, List<(string Name, List<(string Name, string Type)> Fields)> structs)
    {
        StringBuilder source = new(include + "#include <stddef.h>\n");
        foreach (string macro in macros)
            source.Append(CultureInfo.InvariantCulture, $"enum {{ {prefix}value__{macro} = {macro} }};\n");
        foreach (var (name, fields) in structs)
        {
            source.Append(CultureInfo.InvariantCulture, $"enum {{ {prefix}size__{name} = sizeof({name}) }};\n");
            foreach (var (field, _) in fields)
                source.Append(
                    CultureInfo.InvariantCulture, $"enum {{ {prefix}offset__{name}__{field} = offsetof({name}, {field}) }};\n");
        }

        Dictionary<string, long> numbers = new(StringComparer.Ordinal);
        using JsonDocument tree = clang.SyntaxTree(source.ToString());
        foreach (JsonElement declaration in tree.RootElement.GetProperty("inner").EnumerateArray())
            if (declaration.GetProperty("kind").GetString() == "EnumDecl")
                foreach (JsonElement constant in Children(declaration, "EnumConstantDecl"))
                {
                    string name = constant.GetProperty("name").GetString()![prefix.Length..];
                    string key = name.StartsWith("value__", StringComparison.Ordinal) ? name["value__".Length..] : name;
                    numbers[key] = long.Parse(ConstantOf(constant), CultureInfo.InvariantCulture);
                }

        return numbers;
    }

    /// <summary>The value of an enumerator: clang puts it on the first constant expression below.</summary>
    private static string ConstantOf(JsonElement node)
    {
        if (node.TryGetProperty("value", out JsonElement value))
            return value.GetString()!;
        return ConstantOf(node.GetProperty("inner")[0]);
    }

    private IEnumerable<JsonElement> Named(JsonDocument tree) =>
        tree.RootElement.GetProperty("inner").EnumerateArray().Where(n =>
            n.TryGetProperty("name", out JsonElement name) && name.GetString()!.StartsWith(prefix, StringComparison.Ordinal));

    private static IEnumerable<JsonElement> Children(JsonElement node, string kind) =>
        node.TryGetProperty("inner", out JsonElement inner)
            ? inner.EnumerateArray().Where(n => n.GetProperty("kind").GetString() == kind)
            : [];

    private static string TypeOf(JsonElement node) => node.GetProperty("type").GetProperty("qualType").GetString()!;

    private IEnumerable<string> IntegerMacros(string defines)
    {
        foreach (string line in defines.Split('\n'))
            if (DefineWithBody().Match(line) is { Success: true } match
                && match.Groups[1].Value.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                yield return match.Groups[1].Value;
    }

    [GeneratedRegex(@"^#define (\w+) \S")]
    private static partial Regex DefineWithBody();
}
