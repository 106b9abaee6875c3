using System.Text.Json;
using Denoise.Atoms;
using Denoise.Atoms.Files;

namespace Denoise.Networks.Checkpoints.Architecture;

/// <summary>
/// The configuration of a bare state dict in a JSON file beside it: <c>{"config": {...}}</c>, or the keys of
/// <see cref="ConfigDictionary"/> at the top level.
/// </summary>
internal static class ConfigFile
{
    /// <summary>Where a configuration for that checkpoint should be written.</summary>
    public static string PreferredPath(string checkpoint) => Path.ChangeExtension(checkpoint, ".json");

    /// <summary>The file beside a checkpoint that holds a configuration, if there is one.</summary>
    public static PartialConfig? ReadBeside(string checkpoint)
    {
        foreach (string path in new[] { checkpoint + ".json", PreferredPath(checkpoint) })
            if (path != checkpoint && File.Exists(path) && Read(path) is PartialConfig config)
                return config;
        return null;
    }

    /// <summary>The configuration in that file; an <see cref="InputException"/> where it holds none.</summary>
    public static PartialConfig ReadGiven(string path) => File.Exists(path)
        ? Read(path) ?? throw new InputException($"{path}: holds no network configuration; expected {{\"config\": {{\"rc\": ..., ...}}}}.")
        : throw new InputException($"{path}: the configuration file is not there.");

    private static PartialConfig? Read(string path)
    {
        try
        {
            if (FileStatus.Of(path) is { IsRegular: false })
                throw new InputException($"{path}: is not a regular file; copy the configuration to a file first.");
            using FileStream stream = File.OpenRead(path);
            if (stream.Length > CheckpointLimits.ConfigBytes)
                throw new InputException($"{path}: has {stream.Length:N0} bytes, too many for a network configuration.");
            using JsonDocument document = JsonDocument.Parse(stream);
            return Find(path, document.RootElement);
        }
        catch (JsonException error)
        {
            throw new InputException($"{path}: is not valid JSON (line {error.LineNumber + 1}); correct or remove it.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw new InputException($"{path}: cannot be read: {error.Message}", error);
        }
    }

    private static PartialConfig? Find(string path, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            return null;
        if (root.TryGetProperty("config", out JsonElement config))
            return config.ValueKind == JsonValueKind.Object
                ? ConfigDictionary.Read(path, Values(config, _ => true))
                : throw new InputException($"{path}: \"config\" is not an object.");

        // A bare configuration may stand among other things; it is one if it says what tensors cannot.
        return root.TryGetProperty("rc", out _) || root.TryGetProperty("hidden", out _)
            ? ConfigDictionary.Read(path, Values(root, ConfigDictionary.IsKey))
            : null;
    }

    private static Dictionary<string, object?> Values(JsonElement element, Func<string, bool> wanted)
    {
        Dictionary<string, object?> values = new(StringComparer.Ordinal);
        foreach (JsonProperty property in element.EnumerateObject())
            if (wanted(property.Name))
                values[property.Name] = property.Value.ValueKind == JsonValueKind.Array
                    ? property.Value.EnumerateArray().Select(Scalar).ToArray()
                    : Scalar(property.Value);
        return values;
    }

    private static object? Scalar(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number when element.TryGetInt64(out long integer) => integer,
        JsonValueKind.Number => element.GetDouble(),
        JsonValueKind.Null => null,
        // No configuration value is of another kind: the reader will say which key it was.
        _ => element.ValueKind,
    };
}
