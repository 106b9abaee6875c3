using System.Text.Json;
using Denoise.Networks.Models;
using Denoise.TestSupport;

namespace Denoise.Networks.Tests.Support;

/// <summary>Reads the computed vectors of <c>../shared/reference</c>.</summary>
internal static class ReferenceFile
{
    public static JsonElement Open(string file)
    {
        using FileStream stream = File.OpenRead(SharedReference.Path(file));
        using JsonDocument document = JsonDocument.Parse(stream);
        return document.RootElement.Clone();
    }

    /// <summary>All numbers of an array of any depth, row-major.</summary>
    public static double[] Numbers(this JsonElement element)
    {
        var values = new List<double>();
        Flatten(element, values);
        return [.. values];
    }

    public static double[] Numbers(this JsonElement element, string property) => element.GetProperty(property).Numbers();

    public static int[] Integers(this JsonElement element, string property) =>
        [.. element.GetProperty(property).Numbers().Select(value => checked((int)value))];

    /// <summary>The network configuration in the notation of these files.</summary>
    public static NequipConfig Config(this JsonElement file)
    {
        JsonElement config = file.GetProperty("config");
        return new()
        {
            Hidden = config.GetProperty("hidden").GetString()!,
            Edge = config.GetProperty("edge").GetString()!,
            Output = config.GetProperty("out").GetString()!,
            NodeEmbedding = config.GetProperty("nx").GetString()!,
            AttributeEmbedding = config.GetProperty("nz").GetString()!,
            SpeciesCount = config.GetProperty("ns").GetInt32(),
            LayerCount = config.GetProperty("convs").GetInt32(),
            Cutoff = config.GetProperty("rc").GetDouble(),
            NeighborCount = config.GetProperty("Z").GetDouble(),
            Radial = config.Integers("radial"),
        };
    }

    private static void Flatten(JsonElement element, List<double> values)
    {
        if (element.ValueKind == JsonValueKind.Array)
            foreach (JsonElement item in element.EnumerateArray())
                Flatten(item, values);
        else
            values.Add(element.GetDouble());
    }
}
