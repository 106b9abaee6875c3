using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Denoise.Networks.Checkpoints.Architecture;
using Denoise.Networks.Models;

namespace Denoise.Networks.Checkpoints;

/// <summary>What <c>denoise info</c> prints on a checkpoint: as lines for people, as JSON for programs.</summary>
public sealed class CheckpointSummary
{
    private readonly Checkpoint _checkpoint;
    private readonly IReadOnlyList<Head> _heads;

    /// <exception cref="Denoise.Atoms.InputException">the tensors do not fit the configuration</exception>
    public CheckpointSummary(Checkpoint checkpoint)
    {
        _checkpoint = checkpoint;
        NequipModel model = checkpoint.CreateModel();
        _heads = model.Heads;
        Parameters = model.Parameters.Sum(tensor => (long)tensor.Values.Length);
        Layers =
        [
            .. model.Layers.Select((layer, k) => new LayerSummary((k + 1).ToString(CultureInfo.InvariantCulture),
                layer.Input.ToString(), layer.Output.ToString(), layer.ConvolutionPaths.Count,
                layer.ConvolutionPaths.Sum(path => path.Multiplicity), Count(model, $"interactions.{k}."))),
            new("out", model.Readout.Input.ToString(), model.Output.ToString(), 0, 0, Count(model, "out.")),
        ];
    }

    /// <summary>Trainable numbers: all tensors but masks and coupling constants.</summary>
    public long Parameters { get; }

    public IReadOnlyList<LayerSummary> Layers { get; }

    /// <summary>The lines of the report, without line ends.</summary>
    public IEnumerable<string> Lines()
    {
        NequipConfig config = _checkpoint.Config;
        yield return Line("file", _checkpoint.Source);
        yield return Line("kind", KindName());
        yield return Line("predicts", $"{string.Join(", ", _heads.Select(head => $"{head.Name} {head.Irreps}"))} per atom");
        if (config.Classes.Count > 0)
            yield return Line("classes", string.Join(", ", config.Classes));
        if (config.References.Length > 0)
            yield return Line("references", "of ideal structures, by which denoised atoms are named");
        if (config.ScoreScale > 0)
            yield return Line("score", Text($"conservative: ({config.ScoreScale} Å)^2 times the gradient of the logits' log-density"));
        if (config.ForceEncoding.Length > 0)
            yield return Line("is told", $"forces, as {config.ForceEncoding}");
        if (config.ReferenceEnergies.Count > 0)
            yield return Line("energies", $"from {string.Join(", ", config.ReferenceEnergies.Select(e => Text($"{e:g8}")))} eV per atom on");
        yield return Line("hidden", config.Hidden);
        yield return Line("harmonics", config.Edge);
        yield return Line("embedding", $"{config.NodeEmbedding}, attributes {config.AttributeEmbedding}");
        yield return Line("radial", $"{string.Join(" -> ", config.Radial)} -> weights");
        yield return Line("cutoff", Text($"{config.Cutoff} Å, envelope {EnvelopeName()}{BasisName()}"));
        yield return Line("neighbors", Text($"{config.NeighborCount}"));
        yield return Line("species", SpeciesText());
        yield return Line("scale", ScaleText());
        yield return Line("parameters", Text($"{Parameters:N0}"));
        yield return "";
        foreach (string row in Table())
            yield return row;
        if (_checkpoint.Metadata.Count == 0)
            yield break;
        yield return "";
        int width = _checkpoint.Metadata.Keys.Max(key => Printable(key).Length);
        foreach ((string key, string value) in _checkpoint.Metadata)
            yield return $"{Printable(key).PadRight(width)} {Printable(value)}";
    }

    /// <summary>
    /// One JSON object: file, kind, config (with the keys of a configuration file, so that it can serve as one), parameters,
    /// layers, scale_assumed, metadata.
    /// </summary>
    public string ToJson()
    {
        using MemoryStream stream = new();
        // Irreps hold '+', which the default encoder would turn into an escape.
        JsonWriterOptions options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (Utf8JsonWriter json = new(stream, options))
        {
            json.WriteStartObject();
            json.WriteString("file", _checkpoint.Source);
            json.WriteString("kind", KindName());
            WriteConfig(json);
            json.WriteNumber("parameters", Parameters);
            json.WriteStartArray("layers");
            foreach (LayerSummary layer in Layers)
                WriteLayer(json, layer);
            json.WriteEndArray();
            json.WriteBoolean("scale_assumed", _checkpoint.ScaleAssumed);
            json.WriteStartObject("metadata");
            foreach ((string key, string value) in _checkpoint.Metadata)
                json.WriteString(key, value);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static void WriteLayer(Utf8JsonWriter json, LayerSummary layer)
    {
        json.WriteStartObject();
        json.WriteString("name", layer.Name);
        json.WriteString("input", layer.Input);
        json.WriteString("output", layer.Output);
        json.WriteNumber("paths", layer.Paths);
        json.WriteNumber("radial_weights", layer.RadialWeights);
        json.WriteNumber("parameters", layer.Parameters);
        json.WriteEndObject();
    }

    private void WriteConfig(Utf8JsonWriter json)
    {
        json.WriteStartObject("config");
        foreach ((string key, object value) in ConfigDictionary.Write(_checkpoint.Config))
        {
            json.WritePropertyName(key);
            if (value is IReadOnlyList<object> list)
            {
                json.WriteStartArray();
                foreach (object item in list)
                    WriteScalar(json, item);
                json.WriteEndArray();
            }
            else
            {
                WriteScalar(json, value);
            }
        }

        json.WriteEndObject();
    }

    private static void WriteScalar(Utf8JsonWriter json, object value)
    {
        switch (value)
        {
            case long integer: json.WriteNumberValue(integer); break;
            case double number: json.WriteNumberValue(number); break;
            default: json.WriteStringValue((string)value); break;
        }
    }

    private static long Count(NequipModel model, string prefix) => model.Parameters
        .Where(tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal))
        .Sum(tensor => (long)tensor.Values.Length);

    private IEnumerable<string> Table()
    {
        string[] titles = ["layer", "input", "output", "paths", "radial", "parameters"];
        string[][] rows =
        [
            titles,
            .. Layers.Select(layer => new[]
            {
                layer.Name, layer.Input, layer.Output, Text($"{layer.Paths}"), Text($"{layer.RadialWeights}"),
                Text($"{layer.Parameters:N0}"),
            }),
        ];
        int[] widths = [.. titles.Select((_, column) => rows.Max(row => row[column].Length))];
        // Names to the left, numbers to the right.
        return rows.Select(row => string.Join("  ", row.Select((cell, column) =>
            column < 3 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))));
    }

    private string KindName() => _checkpoint.Kind switch
    {
        CheckpointKind.Native => "checkpoint with configuration",
        CheckpointKind.StateDict => "state dict",
        CheckpointKind.TrainingCheckpoint => "training checkpoint",
        _ => "whole module",
    };

    private string BasisName() => _checkpoint.Config.Basis == RadialBasis.SmoothFinite ? ", basis smooth-finite" : "";

    private string EnvelopeName() => _checkpoint.Config.Envelope == CutoffEnvelope.Polynomial ? "polynomial" : "none";

    private string SpeciesText()
    {
        NequipConfig config = _checkpoint.Config;
        string names = config.Species.Count > 0 ? $" ({string.Join(", ", config.Species)})"
            : config.SpeciesAreRoles ? " (roles: kinds of atoms of a compound, in any order)" : "";
        return Text($"{config.SpeciesCount}{names}");
    }

    private string ScaleText()
    {
        NequipConfig config = _checkpoint.Config;
        if (config.ScaleLength == 0)
            return "unknown: lengths are taken as they are";
        string origin = _checkpoint.ScaleAssumed ? " (assumed: the density that the published metal denoisers were trained at)" : "";
        return Text($"mean distance to the {config.ScaleNeighbors} nearest atoms becomes {config.ScaleLength} Å{origin}");
    }

    private static string Line(string name, string value) => $"{name,-11} {value}";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Text out of a file must neither steer nor flood the terminal it is printed on.</summary>
    private static string Printable(string text) => new([.. text.Take(200).Select(c => char.IsControl(c) ? ' ' : c)]);
}
