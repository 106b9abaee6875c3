using System.Globalization;
using System.Text;
using System.Text.Json;
using Denoise.Atoms;

namespace Denoise.Structure.Soap;

/// <summary>
/// Ideal structures by the descriptors of their atoms: what a <c>.ref</c> file, or a model, holds. A descriptor is the power spectrum as a
/// unit vector, standardized component by component, projected on principal components; an atom has the name of the nearest reference.
/// </summary>
public sealed record ReferenceSet
{
    private const int FormatVersion = 1;

    private const int MostReferences = 100_000;

    public required SoapSettings Soap { get; init; }

    /// <summary>[species] chemical symbols of the densities; atoms of the first are named.</summary>
    public required IReadOnlyList<string> Elements { get; init; }

    /// <summary>Of the structures, in order.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>[components, length] projection of the unit spectrum, standardization included.</summary>
    public required double[] Projection { get; init; }

    /// <summary>[components] that the projection of the references' mean has.</summary>
    public required double[] Offset { get; init; }

    /// <summary>[references, components]</summary>
    public required double[] References { get; init; }

    /// <summary>[references] which of the names each is.</summary>
    public required int[] NameOf { get; init; }

    /// <summary>Beyond that distance an atom is of none of the structures.</summary>
    public required double Threshold { get; init; }

    public int Components => Offset.Length;

    /// <summary>Names that atoms may have: of the structures, then none.</summary>
    public IReadOnlyList<string> Classes => [.. Names, NoClass.Name];

    public string ToText()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("denoise_reference", FormatVersion);
            json.WriteNumber("n_max", Soap.RadialCount);
            json.WriteNumber("l_max", Soap.LargestDegree);
            json.WriteNumber("r_cut", Soap.Cutoff);
            json.WriteNumber("sigma", Soap.Sigma);
            Write(json, "elements", Elements);
            Write(json, "names", Names);
            json.WriteNumber("threshold", Threshold);
            Write(json, "offset", Offset);
            Write(json, "projection", Projection);
            Write(json, "references", References);
            json.WriteStartArray("name_of");
            foreach (int name in NameOf)
                json.WriteNumberValue(name);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <param name="text">as <see cref="ToText"/> has it</param>
    /// <param name="source">for messages</param>
    /// <exception cref="InputException">it is no such text, or it is damaged</exception>
    public static ReferenceSet Parse(string text, string source)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("denoise_reference", out JsonElement version))
                throw new InputException($"{source}: holds no references; 'denoise reference' makes such files.");
            if (version.GetInt32() != FormatVersion)
                throw new InputException($"{source}: is of version {version.GetInt32()} of the format, and this program reads "
                    + $"{FormatVersion}; make it anew, or use a newer program.");
            string[] elements = [.. root.GetProperty("elements").EnumerateArray().Select(word => word.GetString() ?? "")];
            ReferenceSet set = new()
            {
                Soap = new(root.GetProperty("n_max").GetInt32(),
                    root.GetProperty("l_max").GetInt32(), root.GetProperty("r_cut").GetDouble(),
                    root.GetProperty("sigma").GetDouble(), elements.Length),
                Elements = elements,
                Names = [.. root.GetProperty("names").EnumerateArray().Select(word => word.GetString() ?? "")],
                Threshold = root.GetProperty("threshold").GetDouble(),
                Offset = Numbers(root, "offset"),
                Projection = Numbers(root, "projection"),
                References = Numbers(root, "references"),
                NameOf = [.. root.GetProperty("name_of").EnumerateArray().Select(value => value.GetInt32())],
            };
            return set.Checked(source);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new InputException($"{source}: is damaged ({failure.Message}); make it anew with 'denoise reference'.", failure);
        }
    }

    /// <exception cref="InputException">the file cannot be read, or holds no references</exception>
    public static ReferenceSet Load(string path)
    {
        const long Most = 256 << 20;
        try
        {
            using FileStream file = File.OpenRead(path);
            if (file.CanSeek && file.Length > Most)
                throw new InputException($"{path}: is too large for a file of references.");
            byte[] bytes = new byte[Most];
            int length = file.ReadAtLeast(bytes, (int)Most, throwOnEndOfStream: false);
            return Parse(Encoding.UTF8.GetString(bytes, 0, length), path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InputException($"{path}: cannot be read: {failure.Message}", failure);
        }
    }

    private ReferenceSet Checked(string source)
    {
        Soap.Checked(source);
        int length = Soap.Length, count = NameOf.Length;
        bool isSound = Components is >= 1 and <= 1000 && count is >= 1 and <= MostReferences && Names.Count >= 1
            && Projection.Length == (long)Components * length && References.Length == (long)Components * count
            && Array.TrueForAll(NameOf, name => name >= 0 && name < Names.Count) && double.IsFinite(Threshold) && Threshold > 0
            && Names.Distinct().Count() == Names.Count && Names.All(name => name.Length > 0)
            && Elements.All(element => ElementTable.AtomicNumber(element) > 0);
        return isSound ? this : throw new InputException(string.Create(CultureInfo.InvariantCulture,
            $"{source}: its references do not fit together; make it anew with 'denoise reference'."));
    }

    private static double[] Numbers(JsonElement root, string name) =>
        [.. root.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<string> words)
    {
        json.WriteStartArray(name);
        foreach (string word in words)
            json.WriteStringValue(word);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string name, double[] values)
    {
        json.WriteStartArray(name);
        // Nobody asks for more digits, and files stay small.
        foreach (double value in values)
            json.WriteNumberValue((float)value);
        json.WriteEndArray();
    }
}
