using System.Runtime.InteropServices;
using System.Text;
using Denoise.Atoms;
using Denoise.Networks.Checkpoints.Archive;
using Denoise.Networks.Checkpoints.Pickle;

namespace Denoise.Fuzz.Mutation;

/// <summary>
/// Takes a checkpoint apart, changes values in its pickle, numbers in its tensors or entries of its archive, and packs it again with
/// right checksums, so that what is behind them is reached; now and then damages bytes of the whole file.
/// </summary>
internal sealed class CheckpointMutator : IMutator
{
    private static readonly string[] Words =
    [
        "hidden", "edge", "out", "nx", "nz", "ns", "rc", "convs", "Z", "radial", "envelope", "species", "scale_length", "scale_neighbors",
        "config", "state_dict", "metadata", "format_version", "model_state_dict", "model", "ema_state_dict", "_metadata", "_modules",
        "_parameters", "_buffers", "_non_persistent_buffers_set", "irreps_hidden", "irreps_edge", "irreps_out", "num_convs", "init_embed",
        "embed_edge", "interactions", "num_neighbors", "init_embed.embed_node_x.weight", "init_embed.embed_node_z.weight",
        "interactions.0.first.lin1.weight", "interactions.0.first.lin1.bias", "storage", "cpu", "0", "1", "2", "", "none", "polynomial",
        "2x0e+1x1e", "1x0e+1x1e+1x2e", "1x1e", "1x1o", "0x0e", "1x0e", "2x0e", "4096x0e", "4097x0e", "99999999999x0e", "1x6e", "1x7e",
        "1x2147483647e", "-1x0e", "1x-1e", "0e", "1e", "1x0e+1x0e+1x0e+1x0e+1x0e+1x0e+1x0e+1x0e+1x0e+1x0e+1x0e+1x0e", "+", "x", "Cu", "Si",
        "module.", "archive", "usual_largest_prediction",
    ];

    private static readonly string[] EntryNames =
    [
        "archive/data.pkl", "archive/byteorder", "archive/version", "archive/data/0", "archive/data/1", "archive/constants.pkl",
        "other/data.pkl", "archive/data/", "archive/.data/serialization_id", "data.pkl", "../data.pkl", "archive/data/0/1", "",
    ];

    private static readonly Opcode[] Opcodes = Enum.GetValues<Opcode>();

    public void Mutate(Draft draft, byte[] other, Random random)
    {
        if (random.Next(16) == 0 || Entries(draft.Bytes) is not { } entries)
        {
            ByteMutator.Instance.Mutate(draft, other, random);
            return;
        }

        for (int changes = Chance.Few(random); changes > 0; changes--)
            if (random.Next(8) is var kind && kind == 0)
                MutateEntries(entries, random);
            else if (kind == 1)
                MutateValues(entries, random);
            else
                MutatePickle(entries, other, random);
        draft.Set(Pack(entries));
    }

    private static List<(string Name, byte[] Content)>? Entries(ReadOnlySpan<byte> file)
    {
        try
        {
            byte[] bytes = file.ToArray();
            return [.. new ZipDirectory("", bytes).Entries.Select(
                entry => (entry.Name, bytes[entry.Offset..(entry.Offset + entry.Length)]))];
        }
        catch (InputException)
        {
            return null;
        }
    }

    private static byte[] Pack(List<(string Name, byte[] Content)> entries)
    {
        using MemoryStream file = new();
        ZipWriter zip = new(file);
        foreach ((string name, byte[] content) in entries)
            zip.Add(name, content);
        zip.Finish();
        return file.ToArray();
    }

    private static void MutateEntries(List<(string Name, byte[] Content)> entries, Random random)
    {
        int at = random.Next(entries.Count + 1);
        if (at == entries.Count)
        {
            entries.Add((Chance.Of(EntryNames, random), Encoding.UTF8.GetBytes(Chance.Of(["little", "big", "3\n", "", "x"], random))));
            return;
        }

        (string name, byte[] content) = entries[at];
        switch (random.Next(4))
        {
            case 0: entries.RemoveAt(at); break;
            case 1: entries[at] = (Chance.Of(EntryNames, random), content); break;
            case 2: entries[at] = (name, content[..random.Next(content.Length + 1)]); break;
            default: entries.Insert(at, (Chance.Of(EntryNames, random), content)); break;
        }
    }

    private static void MutateValues(List<(string Name, byte[] Content)> entries, Random random)
    {
        (_, byte[] content) = entries.Count > 0 ? Chance.Of(entries, random) : default;
        Span<float> values = MemoryMarshal.Cast<byte, float>(content.AsSpan());
        if (values.Length > 0)
            values[random.Next(values.Length)] = (float)Chance.Of(EdgeNumbers.Values, random);
    }

    private static void MutatePickle(List<(string Name, byte[] Content)> entries, byte[] other, Random random)
    {
        int at = entries.FindIndex(entry => entry.Name.EndsWith("/data.pkl", StringComparison.Ordinal));
        if (at < 0)
            return;
        List<byte[]> tokens = PickleTokens.Split(entries[at].Content);
        if (tokens.Count == 0)
            return;
        MutateTokens(tokens, other, random);
        entries[at] = (entries[at].Name, [.. tokens.SelectMany(token => token)]);
    }

    private static void MutateTokens(List<byte[]> tokens, byte[] other, Random random)
    {
        int at = Chance.Position(tokens.Count, random);
        switch (random.Next(12))
        {
            case < 4: Replace(tokens, PickleTokens.IsNumber, Value(random), random); break;
            case < 7: Replace(tokens, PickleTokens.IsText, Value(random), random); break;
            case 7: tokens.RemoveRange(at, Math.Min(tokens.Count - at, Chance.Few(random))); break;
            case 8: tokens.Insert(at, Chance.Of(tokens, random)); break;
            case 9: tokens.Insert(at, random.Next(2) == 0 ? Value(random) : [(byte)Chance.Of(Opcodes, random)]); break;
            case 10: (tokens[at], tokens[^1]) = (tokens[^1], tokens[at]); break;
            default: tokens.InsertRange(at, Piece(other, random)); break;
        }
    }

    /// <summary>Puts it in the place of a token of a kind, of which there are many: any of them, from a random place on.</summary>
    private static void Replace(List<byte[]> tokens, Predicate<byte[]> kind, byte[] value, Random random)
    {
        int at = tokens.FindIndex(Chance.Position(tokens.Count, random), kind);
        if (at >= 0)
            tokens[at] = value;
    }

    private static byte[] Value(Random random) => random.Next(8) switch
    {
        < 2 => PickleTokens.Text(Chance.Of(EdgeNumbers.Texts, random)),
        < 4 => PickleTokens.Text(Chance.Of(Words, random)),
        < 6 => PickleTokens.Integer(Chance.Of(EdgeNumbers.Integers, random)),
        6 => PickleTokens.Integer(random.Next(64)),
        _ => PickleTokens.Real(Chance.Of(EdgeNumbers.Values, random)),
    };

    /// <summary>Some instructions of another checkpoint.</summary>
    private static List<byte[]> Piece(byte[] other, Random random)
    {
        byte[]? pickle = Entries(other)?.Find(entry => entry.Name.EndsWith("/data.pkl", StringComparison.Ordinal)).Content;
        if (pickle is null or [])
            return [];
        List<byte[]> tokens = PickleTokens.Split(pickle);
        int start = random.Next(tokens.Count);
        return tokens.GetRange(start, Math.Min(tokens.Count - start, 1 + random.Next(32)));
    }
}
