using System.Globalization;
using System.Runtime.InteropServices;
using Denoise.Atoms;
using Denoise.Atoms.Files;
using Denoise.Networks.Checkpoints.Architecture;
using Denoise.Networks.Checkpoints.Archive;
using Denoise.Networks.Checkpoints.Pickle;
using Denoise.Networks.Models;

namespace Denoise.Networks.Checkpoints;

/// <summary>
/// Writes checkpoints of our own kind: what <c>torch.save({"config": ..., "metadata": ..., "state_dict": ...})</c> would write,
/// in plain types only, so that <c>torch.load(path, weights_only=True)</c> opens them from PyTorch 1.13 on. Numbers with a
/// fraction stand as text in <c>config</c> (that version loads none): <c>float(config["rc"])</c>. Equal networks give equal bytes.
/// </summary>
public static class CheckpointWriter
{
    /// <summary>Goes up when an older reader would misunderstand what is written.</summary>
    internal const int FormatVersion = 1;

    /// <summary>Name of the folder in the archive, whatever the file is called.</summary>
    private const string Root = "archive";

    private const int BufferBytes = 1 << 16;

    /// <summary>
    /// Writes a file, or leaves what was there: the new one takes its place when all of it is on disk.
    /// </summary>
    /// <param name="path">the file, by custom <c>.pt</c></param>
    /// <param name="tensors">the weights, and masks where loaders of the published networks shall find them</param>
    /// <param name="config">of the network</param>
    /// <param name="metadata">anything worth knowing: data, settings, figures, authors</param>
    /// <exception cref="InputException">the file cannot be written, or the weights hold a value that is not finite</exception>
    public static void Save(
        string path, StateDict tensors, NequipConfig config, IReadOnlyDictionary<string, string>? metadata = null) =>
        Save(path, tensors, ConfigDictionary.Write(config), metadata);

    /// <summary>The same of any plain values, see <see cref="PlainCheckpoint"/>.</summary>
    internal static void Save(string path, StateDict tensors, IEnumerable<KeyValuePair<string, object>> config,
        IReadOnlyDictionary<string, string>? metadata)
    {
        try
        {
            using UnfinishedFile file = new(path);
            BufferedStream stream = new(file.Stream, BufferBytes);
            Write(stream, tensors, config, metadata);
            stream.Flush();
            file.Complete();
        }
        catch (Exception error) when (WriteFailure.IsFromSystem(error))
        {
            throw WriteFailure.Of(path, error);
        }
    }

    /// <summary>The same to a stream.</summary>
    public static void Write(
        Stream stream, StateDict tensors, NequipConfig config, IReadOnlyDictionary<string, string>? metadata = null) =>
        Write(stream, tensors, ConfigDictionary.Write(config), metadata);

    private static void Write(Stream stream, StateDict tensors, IEnumerable<KeyValuePair<string, object>> config,
        IReadOnlyDictionary<string, string>? metadata)
    {
        foreach (Tensor tensor in tensors.Tensors)
            if (Array.Exists(tensor.Values, value => !float.IsFinite(value)))
                throw new InputException($"{tensors.Source}: tensor '{tensor.Name}' holds a value that is not finite, so it is not " +
                    "saved; training has diverged, lower the learning rate.");

        ZipWriter zip = new(stream);
        zip.Add($"{Root}/data.pkl", Pickle(tensors, config, metadata ?? new Dictionary<string, string>()));
        zip.Add($"{Root}/byteorder", "little"u8);
        for (int i = 0; i < tensors.Tensors.Count; i++)
            zip.Add($"{Root}/data/{Key(i)}", LittleEndian(tensors.Tensors[i].Values));
        zip.Add($"{Root}/version", "3\n"u8);
        zip.Finish();
    }

    private static ReadOnlySpan<byte> Pickle(
        StateDict tensors, IEnumerable<KeyValuePair<string, object>> config, IReadOnlyDictionary<string, string> metadata)
    {
        PickleWriter pickle = new();
        pickle.BeginDict();
        pickle.Value("format_version");
        pickle.Value((long)FormatVersion);

        pickle.Value("config");
        pickle.BeginDict();
        foreach ((string key, object value) in config)
        {
            pickle.Value(key);
            pickle.Value(value);
        }

        pickle.EndDict();

        // Sorted, because a dictionary's own order is not part of its meaning.
        pickle.Value("metadata");
        pickle.BeginDict();
        foreach ((string key, string value) in metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            pickle.Value(key);
            pickle.Value(value);
        }

        pickle.EndDict();

        pickle.Value("state_dict");
        pickle.BeginDict();
        for (int i = 0; i < tensors.Tensors.Count; i++)
        {
            pickle.Value(tensors.Tensors[i].Name);
            pickle.Tensor(tensors.Tensors[i], Key(i));
        }

        pickle.EndDict();
        pickle.EndDict();
        return pickle.Finish();
    }

    private static string Key(int index) => index.ToString(CultureInfo.InvariantCulture);

    private static ReadOnlySpan<byte> LittleEndian(float[] values)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(values.AsSpan());
        if (BitConverter.IsLittleEndian)
            return bytes;
        int[] swapped = [.. MemoryMarshal.Cast<byte, int>(bytes)];
        System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(swapped, swapped);
        return MemoryMarshal.AsBytes(swapped.AsSpan());
    }
}
