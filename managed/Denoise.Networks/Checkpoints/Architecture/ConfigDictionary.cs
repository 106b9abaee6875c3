using System.Globalization;
using Denoise.Atoms;
using Denoise.Networks.Models;

namespace Denoise.Networks.Checkpoints.Architecture;

/// <summary>
/// The keys under which a configuration is written, in our checkpoints and in JSON beside a state dict:
/// <c>hidden, edge, out, nx, nz</c> (irreps), <c>heads</c> (names of the blocks of out), <c>classes</c> (names of the logits),
/// <c>ns</c> (species), <c>rc</c> (cutoff, Å), <c>convs</c> (layers), <c>Z</c> (neighbors), <c>radial</c> (list), <c>basis</c>
/// (bessel, smooth-finite), <c>envelope</c> (none, polynomial), <c>species</c> (symbols or atomic numbers), <c>roles</c> (1: species are
/// roles), <c>scale_length</c> (Å), <c>scale_neighbors</c>, <c>score_scale</c> (Å), <c>force_encoding</c>
/// (irreps), <c>reference_energies</c> (list, eV), <c>references</c> (ideal structures as text). Numbers may be written as text: PyTorch
/// 1.13 loads no floating-point number with <c>weights_only=True</c>.
/// </summary>
internal static class ConfigDictionary
{
    private static readonly string[] Keys =
    [
        "hidden", "edge", "out", "heads", "classes", "nx", "nz", "ns", "rc", "convs", "Z", "radial", "basis", "envelope", "species",
        "roles", "scale_length", "scale_neighbors", "score_scale", "force_encoding", "reference_energies", "references",
    ];

    public static bool IsKey(string key) => Array.IndexOf(Keys, key) >= 0;

    /// <param name="source">file, for messages</param>
    /// <param name="values">string, long, double, or a list of these</param>
    /// <exception cref="InputException">an unknown key, or a value of the wrong kind</exception>
    public static PartialConfig Read(string source, IReadOnlyDictionary<string, object?> values)
    {
        Reader read = new(source, values);
        foreach (string key in values.Keys)
            if (!IsKey(key))
                throw new InputException($"{source}: configuration key '{key}' is not known; the keys are {string.Join(", ", Keys)}.");
        return new()
        {
            Hidden = read.Text("hidden"),
            Edge = read.Text("edge"),
            Output = read.Text("out"),
            Heads = read.Texts("heads"),
            Classes = read.Texts("classes"),
            NodeEmbedding = read.Text("nx"),
            AttributeEmbedding = read.Text("nz"),
            SpeciesCount = read.Integer("ns"),
            LayerCount = read.Integer("convs"),
            Cutoff = read.Number("rc"),
            NeighborCount = read.Number("Z"),
            Radial = read.Integers("radial"),
            Basis = read.Basis("basis"),
            Envelope = read.Envelope("envelope"),
            Species = read.Species("species"),
            SpeciesAreRoles = read.Flag("roles"),
            ScaleLength = read.Number("scale_length"),
            ScaleNeighbors = read.Integer("scale_neighbors"),
            ScoreScale = read.Number("score_scale"),
            ForceEncoding = read.Text("force_encoding"),
            ReferenceEnergies = read.Numbers("reference_energies"),
            References = read.Text("references"),
        };
    }

    /// <summary>The same keys for a full configuration; values are string, long, double, or lists of these.</summary>
    public static IEnumerable<KeyValuePair<string, object>> Write(NequipConfig config)
    {
        yield return new("hidden", config.Hidden);
        yield return new("edge", config.Edge);
        yield return new("out", config.Output);
        // Not where they say nothing: readers of before know files of one head.
        if (config.Heads.Count > 0)
            yield return new("heads", config.Heads.Select(name => (object)name).ToArray());
        if (config.Classes.Count > 0)
            yield return new("classes", config.Classes.Select(name => (object)name).ToArray());
        yield return new("nx", config.NodeEmbedding);
        yield return new("nz", config.AttributeEmbedding);
        yield return new("ns", (long)config.SpeciesCount);
        yield return new("rc", Number(config.Cutoff));
        yield return new("convs", (long)config.LayerCount);
        yield return new("Z", Number(config.NeighborCount));
        yield return new("radial", config.Radial.Select(size => (object)(long)size).ToArray());
        if (config.Basis == RadialBasis.SmoothFinite)
            yield return new("basis", "smooth-finite");
        yield return new("envelope", config.Envelope == CutoffEnvelope.Polynomial ? "polynomial" : "none");
        yield return new("species", config.Species.Select(symbol => (object)symbol).ToArray());
        if (config.SpeciesAreRoles)
            yield return new("roles", 1L);
        yield return new("scale_length", Number(config.ScaleLength));
        yield return new("scale_neighbors", (long)config.ScaleNeighbors);
        if (config.ScoreScale > 0)
            yield return new("score_scale", Number(config.ScoreScale));
        if (config.ForceEncoding.Length > 0)
            yield return new("force_encoding", config.ForceEncoding);
        if (config.ReferenceEnergies.Count > 0)
            yield return new("reference_energies", config.ReferenceEnergies.Select(energy => (object)energy.ToString("R",
                CultureInfo.InvariantCulture)).ToArray());
        if (config.References.Length > 0)
            yield return new("references", config.References);
    }

    private static object Number(double value) =>
        value == Math.Truncate(value) && Math.Abs(value) < int.MaxValue ? (object)(long)value : value;

    private sealed class Reader(string source, IReadOnlyDictionary<string, object?> values)
    {
        public string? Text(string key) => Value(key) switch
        {
            null => null,
            string text => text,
            _ => throw Wrong(key, "text"),
        };

        public IReadOnlyList<string>? Texts(string key) => Value(key) switch
        {
            null => null,
            IReadOnlyList<object?> list => [.. list.Select(item => item as string ?? throw Wrong(key, "a list of names"))],
            _ => throw Wrong(key, "a list of names"),
        };

        public double? Number(string key) => Value(key) is { } value ? Number(value) ?? throw Wrong(key, "a number") : null;

        public IReadOnlyList<double>? Numbers(string key) => Value(key) switch
        {
            null => null,
            IReadOnlyList<object?> list => [.. list.Select(item => Number(item) ?? throw Wrong(key, "a list of numbers"))],
            _ => throw Wrong(key, "a list of numbers"),
        };

        public int? Integer(string key) => Number(key) switch
        {
            null => null,
            double number when number == Math.Truncate(number) && Math.Abs(number) <= int.MaxValue => (int)number,
            _ => throw Wrong(key, "an integer"),
        };

        public bool? Flag(string key) => Integer(key) switch
        {
            null => null,
            0 => false,
            1 => true,
            _ => throw Wrong(key, "0 or 1"),
        };

        public IReadOnlyList<int>? Integers(string key) => Value(key) switch
        {
            null => null,
            IReadOnlyList<object?> list => [.. list.Select(item => item is long and >= 0 and <= int.MaxValue
                ? (int)(long)item
                : throw Wrong(key, "a list of integers"))],
            _ => throw Wrong(key, "a list of integers"),
        };

        public RadialBasis? Basis(string key) => Text(key) switch
        {
            null => null,
            "bessel" => RadialBasis.Bessel,
            "smooth-finite" => RadialBasis.SmoothFinite,
            _ => throw Wrong(key, "bessel or smooth-finite"),
        };

        public CutoffEnvelope? Envelope(string key) => Text(key) switch
        {
            null => null,
            "none" => CutoffEnvelope.None,
            "polynomial" => CutoffEnvelope.Polynomial,
            _ => throw Wrong(key, "'none' or 'polynomial'"),
        };

        public IReadOnlyList<string>? Species(string key) => Value(key) switch
        {
            null => null,
            IReadOnlyList<object?> list => [.. list.Select(item => item switch
            {
                string symbol when ChemicalSymbols.IsSymbol(symbol) => symbol,
                long number when ChemicalSymbols.Of(number) is string symbol => symbol,
                _ => throw Wrong(key, "a list of chemical symbols or atomic numbers"),
            })],
            _ => throw Wrong(key, "a list of chemical symbols or atomic numbers"),
        };

        private static double? Number(object? value) => value switch
        {
            long integer => integer,
            double number when double.IsFinite(number) => number,
            string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                && double.IsFinite(number) => number,
            _ => null,
        };

        private object? Value(string key) => values.GetValueOrDefault(key);

        private InputException Wrong(string key, string expected) =>
            new($"{source}: configuration key '{key}' is not {expected}.");
    }
}
