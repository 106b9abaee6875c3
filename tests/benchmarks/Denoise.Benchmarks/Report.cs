using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Denoise.Benchmarks;

/// <summary>What was measured: lines for people as they come, and one JSON document at the end.</summary>
internal sealed class Report
{
    private readonly JsonObject _root = new()
    {
        ["date"] = DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
        ["processor"] = MachineInfo.Processor,
        ["cores"] = Environment.ProcessorCount,
        ["runtime"] = MachineInfo.Runtime,
        ["load_at_start"] = MachineInfo.Load,
    };

    private JsonArray _section = [];

    /// <summary>A line of several pieces.</summary>
    public static void Say(params ReadOnlySpan<string> pieces)
    {
        foreach (string piece in pieces)
            Console.Write(piece);
        Console.WriteLine();
    }

    public void Begin(string section, string heading)
    {
        _section = [];
        _root[section] = _section;
        Say();
        Say(heading);
    }

    /// <summary>A row for the JSON document; NaN and infinity, which JSON does not know, are left out.</summary>
    public void Add(params ReadOnlySpan<(string Key, object? Value)> fields)
    {
        var row = new JsonObject();
        foreach (var (key, value) in fields)
            row[key] = Node(value);
        _section.Add((JsonNode)row);
    }

    /// <summary>Further fields of the row that was added last.</summary>
    public void AddToLast(IEnumerable<(string Key, object? Value)> fields)
    {
        foreach (var (key, value) in fields)
            _section[^1]![key] = Node(value);
    }

    public void Write(string path)
    {
        _root["load_at_end"] = MachineInfo.Load;
        using var stream = File.Create(path);
        using var writer = new Utf8JsonWriter(stream, new() { Indented = true });
        _root.WriteTo(writer);
    }

    private static JsonNode? Node(object? value) => value switch
    {
        string text => text,
        int number => number,
        long number => number,
        double number when double.IsFinite(number) => number,
        bool flag => flag,
        _ => null,
    };
}
