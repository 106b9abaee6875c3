using Denoise.Atoms;
using Denoise.Networks.Checkpoints.Archive;
using Denoise.Networks.Checkpoints.Pickle;
using Denoise.Networks.Models;

namespace Denoise.Networks.Checkpoints;

/// <summary>A checkpoint of our own kind, whatever is in it: plain values under <c>config</c>, tensors under <c>state_dict</c>.</summary>
/// <param name="Config">strings, integers, reals and lists of them</param>
/// <param name="Tensors">by name</param>
internal sealed record PlainCheckpoint(IReadOnlyDictionary<string, object?> Config, StateDict Tensors)
{
    /// <exception cref="InputException">the file cannot be read, is damaged, or is another's</exception>
    public static PlainCheckpoint Load(string path) => Read(path, CheckpointFile.ReadAll(path));

    /// <summary>The same of bytes; <paramref name="source"/> is for messages.</summary>
    public static PlainCheckpoint Read(string source, ReadOnlyMemory<byte> bytes)
    {
        TorchArchive archive = new(source, bytes);
        if (Unpickler.Load(source, archive.Pickle) is not PickleDict root || root.Get("config") is not PickleDict config
            || root.Get("state_dict") is not PickleDict weights || weights.Count > CheckpointLimits.Tensors)
            throw new InputException($"{source}: is no file that this program wrote; it has no 'config' and 'state_dict'.");
        RequireReadable(source, root);
        Dictionary<string, object?> values = new(StringComparer.Ordinal);
        foreach ((object? key, object? value) in config.Entries)
            if (key is string name)
                values[name] = Plain(value, 0);
        TensorReader reader = new(archive);
        List<Tensor> tensors = [];
        foreach ((object? key, object? value) in weights.Entries)
            if (key is string name && value is PickleTensor view)
                tensors.Add(reader.Read(name, view));
        return new(values, new(source, tensors));
    }

    /// <exception cref="InputException">a newer version of the program wrote it</exception>
    public static void RequireReadable(string source, PickleDict root)
    {
        if (root.Get("format_version") is long version and > CheckpointWriter.FormatVersion)
            throw new InputException($"{source}: was written by a newer version of this program (format {version}); update it.");
    }

    /// <summary>Lists of lists, as deep as ours are.</summary>
    private static object? Plain(object? value, int depth) => value switch
    {
        PickleList list when depth < 4 => list.Items.Select(item => Plain(item, depth + 1)).ToArray(),
        PickleTuple tuple when depth < 4 => tuple.Items.Select(item => Plain(item, depth + 1)).ToArray(),
        _ => value,
    };
}
