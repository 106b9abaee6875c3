using System.Globalization;
using Denoise.Atoms;
using Denoise.Networks.Checkpoints.Architecture;
using Denoise.Networks.Checkpoints.Archive;
using Denoise.Networks.Checkpoints.Pickle;
using Denoise.Networks.Models;

namespace Denoise.Networks.Checkpoints;

/// <summary>Finds the network in a checkpoint, whatever its kind.</summary>
internal sealed class CheckpointReader(string source, ReadOnlyMemory<byte> bytes, CheckpointOptions options)
{
    /// <summary>The tensor by which a network of this kind is known; what stands before it in a name is a wrapper's.</summary>
    private const string Landmark = "init_embed.embed_node_x.weight";

    private static readonly string[] WeightKeys = ["model_state_dict", "state_dict", "model", "ema_state_dict"];

    public Checkpoint Read()
    {
        TorchArchive archive = new(source, bytes);
        object? root = Unpickler.Load(source, archive.Pickle);
        (CheckpointKind kind, object network, PickleDict? around) = Classify(root);

        List<KeyValuePair<string, object?>> entries = network is PickleObject module
            ? ModuleTree.Tensors(source, module)
            : TensorEntries((PickleDict)network);
        StateDict tensors = ReadTensors(archive, entries);

        PartialConfig given = PartialConfig.From(options), said = FileConfig(kind, network, around);
        PartialConfig known = given.Or(said);
        PartialConfig full = new ArchitectureInference(tensors, known).Infer();
        NequipConfig config = PublishedClassifier.Apply(full.Complete(source), tensors);
        return new(kind, tensors, config, full.ScaleLength is null && config.ScaleLength > 0, Metadata(kind, around))
        {
            Overridden = [.. given.Against(said)],
        };
    }

    private (CheckpointKind Kind, object Network, PickleDict? Around) Classify(object? root)
    {
        if (ModuleTree.IsModule(root))
            return (CheckpointKind.WholeModule, root!, null);
        if (root is PickleDict dict)
        {
            if (dict.Get("config") is PickleDict && dict.Get("state_dict") is PickleDict native)
            {
                PlainCheckpoint.RequireReadable(source, dict);
                return (CheckpointKind.Native, native, dict);
            }

            foreach (string key in WeightKeys)
            {
                if (dict.Get(key) is PickleDict weights)
                    return (CheckpointKind.TrainingCheckpoint, weights, dict);
                if (ModuleTree.IsModule(dict.Get(key)))
                    return (CheckpointKind.WholeModule, dict.Get(key)!, dict);
            }

            if (dict.Entries.Any(entry => entry.Value is PickleTensor))
                return (CheckpointKind.StateDict, dict, null);
        }

        throw new InputException($"{source}: holds {Describe(root)}, not a network; save one with " +
            "torch.save(model.state_dict(), 'NEW.pt').");
    }

    private static string Describe(object? root) => root switch
    {
        null => "nothing",
        PickleTensor => "a single tensor",
        PickleObject { Class: PickleGlobal type } => $"an object of '{type}'",
        PickleDict { Count: 0 } => "an empty dictionary",
        PickleDict dict => $"a dictionary without tensors (first key '{dict.Entries[0].Key}')",
        PickleList or PickleTuple => "a list",
        _ => "a plain value",
    };

    private List<KeyValuePair<string, object?>> TensorEntries(PickleDict weights)
    {
        if (weights.Count > CheckpointLimits.Tensors)
            throw new InputException($"{source}: holds {weights.Count:N0} tensors; this is no score network.");
        List<KeyValuePair<string, object?>> entries = [];
        foreach ((object? key, object? value) in weights.Entries)
            if (key is string name)
                entries.Add(new(name, value));
        return entries;
    }

    /// <summary>Reads the network's tensors and nothing else: optimizer states and other networks in the file stay untouched.</summary>
    private StateDict ReadTensors(TorchArchive archive, List<KeyValuePair<string, object?>> entries)
    {
        string? landmark = entries.FirstOrDefault(entry => entry.Key.EndsWith(Landmark, StringComparison.Ordinal)).Key;
        if (landmark is null)
            throw new InputException($"{source}: holds {entries.Count} tensors ({string.Join(", ", entries.Take(2).Select(e => e.Key))}" +
                $", ...) of another architecture: a score network has '{Landmark}'.");
        string prefix = landmark[..^Landmark.Length];

        TensorReader reader = new(archive);
        List<Tensor> tensors = [];
        foreach ((string name, object? value) in entries)
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal))
                continue;
            if (value is PickleTensor view)
                tensors.Add(reader.Read(name[prefix.Length..], view));
            else if (name.EndsWith(".weight", StringComparison.Ordinal))
                throw new InputException($"{source}: '{name}' is not a dense tensor of real numbers; save the network in float32.");
        }

        return new(source, tensors);
    }

    /// <summary>What the file says about the network, or, for one that says nothing, a JSON file beside it.</summary>
    private PartialConfig FileConfig(CheckpointKind kind, object network, PickleDict? around)
    {
        if (options.ConfigPath is string path)
            return ConfigFile.ReadGiven(path);
        if (kind == CheckpointKind.WholeModule)
            return new ModuleConfig(source, (PickleObject)network).Read();
        if (around?.Get("config") is PickleDict config && (kind == CheckpointKind.Native || IsOurs(config)))
            return ConfigDictionary.Read(source, PlainValues(config));
        return ConfigFile.ReadBeside(source) ?? new();
    }

    /// <summary>Other people's training checkpoints have a "config" too, with keys of their own.</summary>
    private static bool IsOurs(PickleDict config) =>
        config.Entries.All(entry => entry.Key is string key && ConfigDictionary.IsKey(key));

    private static Dictionary<string, object?> PlainValues(PickleDict dict)
    {
        Dictionary<string, object?> values = new(StringComparer.Ordinal);
        foreach ((object? key, object? value) in dict.Entries)
            if (key is string name)
                values[name] = value switch
                {
                    PickleList list => list.Items,
                    PickleTuple tuple => tuple.Items,
                    _ => value,
                };
        return values;
    }

    /// <summary>Plain values that stand beside the weights: our own metadata, or epoch, step, loss of a training run.</summary>
    private static Dictionary<string, string> Metadata(CheckpointKind kind, PickleDict? around)
    {
        Dictionary<string, string> metadata = new(StringComparer.Ordinal);
        PickleDict? plain = kind == CheckpointKind.Native ? around?.Get("metadata") as PickleDict : around;
        foreach ((object? key, object? value) in plain?.Entries ?? [])
        {
            string? text = value switch
            {
                string s => s,
                long or double or bool => Convert.ToString(value, CultureInfo.InvariantCulture),
                _ => null,
            };
            if (key is string name && text is not null)
                metadata[name] = text;
        }

        return metadata;
    }
}
