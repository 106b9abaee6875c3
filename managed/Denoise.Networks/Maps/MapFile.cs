using System.Globalization;
using Denoise.Atoms;
using Denoise.Networks.Checkpoints;
using Denoise.Networks.Models;

namespace Denoise.Networks.Maps;

/// <summary>
/// A <see cref="MapNetwork"/> as a <c>.pt</c> file of plain values, which <c>torch.load(path, weights_only=True)</c> opens: <c>config</c>
/// with <c>kind = "neighbors-map"</c>, <c>reach</c>, <c>classes</c> and <c>weights</c>, and the tensors under <c>state_dict</c>.
/// </summary>
public static class MapFile
{
    private const string Kind = "neighbors-map";
    private const int MostClasses = 1024;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">it cannot be read, or is none; one sentence says why</exception>
    public static MapNetwork Load(string path)
    {
        PlainCheckpoint file = PlainCheckpoint.Load(path);
        if (file.Config.GetValueOrDefault("kind") as string != Kind)
            throw new InputException($"{path}: is no Neighbors Map; 'denoise train --maps' makes one.");
        string[] classes = [.. List(path, file, "classes").Select(name => name as string ?? throw Damaged(path, "classes"))];
        if (classes.Length is 0 or > MostClasses || classes.Distinct(StringComparer.Ordinal).Count() != classes.Length)
            throw Damaged(path, "classes");
        float[][] weights = [.. List(path, file, "weights").Select(row =>
            row is IReadOnlyList<object?> values
                ? values.Select(value => (float)Number(path, value, "weights")).ToArray()
                : throw Damaged(path, "weights"))];
        if (weights.Length > 1 || weights.Any(row => row.Length is 0 or > MapSettings.MostSpecies))
            throw Damaged(path, "weights");
        double reach = Number(path, file.Config.GetValueOrDefault("reach"), "reach");
        if (reach is < 1 or > MapSettings.UsualReach)
            throw Damaged(path, "reach");
        MapSettings settings = new(reach, weights);
        Dictionary<string, float[]> tensors = new(StringComparer.Ordinal);
        foreach ((string name, int[] shape) in MapNetwork.ShapesOf(settings.Channels, classes.Length))
        {
            Tensor tensor = file.Tensors.Get(name, shape.Aggregate(1, (product, n) => product * n));
            tensors.Add(name, tensor.Values);
        }

        if (tensors["norm.running_var"].Any(variance => variance < 0))
            throw Damaged(path, "norm.running_var");
        return new(settings, classes, tensors);
    }

    /// <summary>Writes a file, or leaves what was there.</summary>
    /// <exception cref="InputException">it cannot be written, or the weights are not finite</exception>
    public static void Save(string path, MapNetwork network, IReadOnlyDictionary<string, string> metadata)
    {
        Tensor[] tensors =
        [
            .. MapNetwork.ShapesOf(network.Settings.Channels, network.Classes.Count)
                .Select(entry => new Tensor(entry.Name, entry.Shape, network[entry.Name])),
        ];
        KeyValuePair<string, object>[] config =
        [
            new("kind", Kind), new("reach", network.Settings.Reach), new("classes", network.Classes.ToArray<object>()),
            new("weights", network.Settings.Weights.Select(row => (object)row.Select(w => (object)(double)w).ToArray()).ToArray()),
        ];
        CheckpointWriter.Save(path, new(path, tensors), config, metadata);
    }

    private static IReadOnlyList<object?> List(string path, PlainCheckpoint file, string key) =>
        file.Config.GetValueOrDefault(key) as IReadOnlyList<object?> ?? throw Damaged(path, key);

    private static double Number(string path, object? value, string key) => value switch
    {
        double number => number,
        long integer => integer,
        string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && double.IsFinite(number) => number,
        _ => throw Damaged(path, key),
    };

    private static InputException Damaged(string path, string key) =>
        new($"{path}: '{key}' is missing or is not what a Neighbors Map has; the file is damaged.");
}
