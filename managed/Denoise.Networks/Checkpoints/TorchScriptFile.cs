using System.Security.Cryptography;
using System.Text.Json;
using Denoise.Atoms;
using Denoise.Networks.Checkpoints.Archive;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;

namespace Denoise.Networks.Checkpoints;

/// <summary>
/// Reads what a TorchScript archive says of itself, in <c>NAME/extra/denoise.json</c>: what <c>torch.jit.save</c> makes of
/// <c>_extra_files</c>. docs/torch.md lists the keys. Nothing in the file is executed.
/// </summary>
public static class TorchScriptFile
{
    private const string Description = "denoise.json";
    private const string DescriptionName = "/extra/" + Description;
    private const int MostLayers = 64;
    private const int MostClasses = 1024;
    private const int MostSpecies = 256;

    private static readonly string[] Keys =
    [
        "cutoff", "layers", "neighbors", "species", "scale_length", "scale_neighbors", "heads", "classes", "edges", "precision",
        "gradients", "bytes_per_atom",
    ];

    /// <exception cref="InputException">no TorchScript archive, or one that does not say what must be known: one sentence</exception>
    public static TorchScriptModel Load(string path) => Load(path, CheckpointFile.ReadAll(path));

    /// <summary>Reads an archive that is in memory; <paramref name="source"/> is its path, for messages.</summary>
    public static TorchScriptModel Load(string source, ReadOnlyMemory<byte> bytes)
    {
        ForeignFormats.Refuse(source, bytes.Span);
        ZipDirectory directory = new(source, bytes);
        if (!directory.Entries.Any(entry => entry.Name.EndsWith("/constants.pkl", StringComparison.Ordinal)))
            throw new InputException($"{source}: is no TorchScript program; our own engines evaluate checkpoints, so leave " +
                "'engine torch' (--engine torch) out.");
        ZipEntry[] found = [.. directory.Entries.Where(entry => entry.Name.EndsWith(DescriptionName, StringComparison.Ordinal))];
        if (found is not [ZipEntry description])
            throw new InputException($"{source}: this TorchScript program has no {Description} that says its cutoff; export it with " +
                "examples/torch/export.py, as docs/torch.md says.");
        ReadOnlyMemory<byte> text = directory.BytesOf(description);
        if (Crc32.Of(text.Span) != description.Checksum)
            throw new InputException($"{source}: the checksum of its {Description} does not match: the file is damaged; export it again.");
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return Read(source, document.RootElement, SHA256.HashData(bytes.Span));
        }
        catch (InvalidOperationException failure)
        {
            throw new InputException($"{source}: its {Description} holds half a character; export it again.", failure);
        }
        catch (JsonException failure)
        {
            throw new InputException($"{source}: its {Description} is not valid JSON (line {failure.LineNumber + 1}); export it again.",
                failure);
        }
    }

    private static TorchScriptModel Read(string source, JsonElement root, byte[] hash)
    {
        InputException Wrong(string what) => new($"{source}: in its {Description}, {what}.");
        if (root.ValueKind != JsonValueKind.Object)
            throw Wrong("there is no object");
        foreach (JsonProperty property in root.EnumerateObject())
            if (!Keys.Contains(property.Name))
                throw Wrong($"{Quote.Of(property.Name)} is no key; keys are {string.Join(", ", Keys)}");

        Reader reader = new(root, Wrong);
        string[] species = reader.Texts("species", MostSpecies);
        if (Array.Find(species, symbol => ElementTable.SymbolFromLabel(symbol) != symbol) is { } unknown)
            throw Wrong($"{Quote.Of(unknown)} is no chemical symbol");
        if (species.Distinct().Count() < species.Length)
            throw Wrong("a species is named twice");
        string[] classes = reader.Texts("classes", MostClasses);
        string[] heads = reader.Texts("heads", 2);
        if (heads.Length == 0)
            heads = classes.Length > 0 ? [Head.Displacement, Head.Logits] : [Head.Displacement];
        if (heads.Distinct().Count() < heads.Length || heads.Any(head => head is not (Head.Displacement or Head.Logits)))
            throw Wrong($"heads are {Head.Displacement} and {Head.Logits}, in the order in which the module returns them");
        if (heads.Contains(Head.Logits) && classes.Length == 0)
            throw Wrong("'classes' must name what the logits stand for");
        Head.CheckClasses(classes, heads.Contains(Head.Logits) ? classes.Length : null, Wrong);
        return new()
        {
            Origin = source,
            Hash = hash,
            Cutoff = reader.Number("cutoff", 1e-3, 1e3),
            Layers = (int)reader.Whole("layers", 1, MostLayers),
            NeighborCount = reader.Number("neighbors", 1e-3, 1e5),
            Species = species,
            ScaleLength = reader.Number("scale_length", 0, 1e3, otherwise: 0),
            ScaleNeighbors = (int)reader.Whole("scale_neighbors", 1, 64, otherwise: 13),
            Heads = [.. heads.Select(name => name == Head.Logits
                ? new Head(name, Irreps.Parse($"{classes.Length}x0e")[0], classes)
                : new Head(name, Irreps.Parse("1x1o")[0], []))],
            TakesShifts = reader.Choice("edges", "vector", "shift"),
            IsDouble = reader.Choice("precision", "single", "double"),
            NeedsGradients = reader.Flag("gradients"),
            BytesPerAtom = (int)reader.Whole("bytes_per_atom", 0, int.MaxValue, otherwise: TorchScriptModel.DefaultBytesPerAtom),
        };
    }

    /// <summary>The values of keys, with errors that name them.</summary>
    private readonly struct Reader(JsonElement root, Func<string, InputException> wrong)
    {
        public double Number(string key, double least, double most, double? otherwise = null)
        {
            if (!root.TryGetProperty(key, out JsonElement value))
                return otherwise ?? throw wrong($"'{key}' is missing");
            return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number >= least && number <= most
                ? number
                : throw wrong($"'{key}' must be a number from {least} to {most}");
        }

        public long Whole(string key, long least, long most, long? otherwise = null) =>
            Number(key, least, most, otherwise) is var number && Math.Floor(number) == number
                ? (long)number
                : throw wrong($"'{key}' must be a whole number");

        public bool Choice(string key, string first, string second)
        {
            if (!root.TryGetProperty(key, out JsonElement value))
                return false;
            string? text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
            return text == second || (text == first ? false : throw wrong($"'{key}' must be '{first}' or '{second}'"));
        }

        public bool Flag(string key) => root.TryGetProperty(key, out JsonElement value)
            && (value.ValueKind == JsonValueKind.True || (value.ValueKind == JsonValueKind.False ? false
                : throw wrong($"'{key}' must be true or false")));

        public string[] Texts(string key, int most)
        {
            if (!root.TryGetProperty(key, out JsonElement value))
                return [];
            if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > most
                || value.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
                throw wrong($"'{key}' must be a list of at most {most} texts");
            return [.. value.EnumerateArray().Select(item => item.GetString()!)];
        }
    }
}
