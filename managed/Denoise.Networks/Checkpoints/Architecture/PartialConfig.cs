using System.Globalization;
using Denoise.Atoms;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;

namespace Denoise.Networks.Checkpoints.Architecture;

/// <summary>A <see cref="NequipConfig"/> of which parts may be unknown (null).</summary>
internal sealed record PartialConfig
{
    public string? Hidden { get; init; }

    public string? Edge { get; init; }

    public string? Output { get; init; }

    public IReadOnlyList<string>? Heads { get; init; }

    public IReadOnlyList<string>? Classes { get; init; }

    public string? NodeEmbedding { get; init; }

    public string? AttributeEmbedding { get; init; }

    public int? SpeciesCount { get; init; }

    public int? LayerCount { get; init; }

    public double? Cutoff { get; init; }

    public double? NeighborCount { get; init; }

    public IReadOnlyList<int>? Radial { get; init; }

    public RadialBasis? Basis { get; init; }

    public CutoffEnvelope? Envelope { get; init; }

    public IReadOnlyList<string>? Species { get; init; }

    public bool? SpeciesAreRoles { get; init; }

    public double? ScaleLength { get; init; }

    public int? ScaleNeighbors { get; init; }

    public double? ScoreScale { get; init; }

    public string? ForceEncoding { get; init; }

    public IReadOnlyList<double>? ReferenceEnergies { get; init; }

    public string? References { get; init; }

    public static PartialConfig From(CheckpointOptions options) => new()
    {
        Hidden = options.Hidden,
        Edge = options.Edge,
        Output = options.Output,
        Cutoff = options.Cutoff,
        NeighborCount = options.NeighborCount,
        Envelope = options.Envelope,
        Species = options.Species,
        ScaleLength = options.ScaleLength,
        ScaleNeighbors = options.ScaleNeighbors,
    };

    /// <summary>This, with the gaps filled from <paramref name="other"/>.</summary>
    public PartialConfig Or(PartialConfig other) => new()
    {
        Hidden = Hidden ?? other.Hidden,
        Edge = Edge ?? other.Edge,
        Output = Output ?? other.Output,
        Heads = Heads ?? other.Heads,
        Classes = Classes ?? other.Classes,
        NodeEmbedding = NodeEmbedding ?? other.NodeEmbedding,
        AttributeEmbedding = AttributeEmbedding ?? other.AttributeEmbedding,
        SpeciesCount = SpeciesCount ?? other.SpeciesCount,
        LayerCount = LayerCount ?? other.LayerCount,
        Cutoff = Cutoff ?? other.Cutoff,
        NeighborCount = NeighborCount ?? other.NeighborCount,
        Radial = Radial ?? other.Radial,
        Basis = Basis ?? other.Basis,
        Envelope = Envelope ?? other.Envelope,
        Species = Species ?? other.Species,
        SpeciesAreRoles = SpeciesAreRoles ?? other.SpeciesAreRoles,
        ScaleLength = ScaleLength ?? other.ScaleLength,
        ScaleNeighbors = ScaleNeighbors ?? other.ScaleNeighbors,
        ScoreScale = ScoreScale ?? other.ScoreScale,
        ForceEncoding = ForceEncoding ?? other.ForceEncoding,
        ReferenceEnergies = ReferenceEnergies ?? other.ReferenceEnergies,
        References = References ?? other.References,
    };

    /// <summary>Numbers of which this says something else than <paramref name="other"/>, by the names of the options.</summary>
    public IEnumerable<string> Against(PartialConfig other)
    {
        (string Option, double? Mine, double? Theirs)[] pairs =
            [("cutoff", Cutoff, other.Cutoff), ("neighbors", NeighborCount, other.NeighborCount)];
        return from pair in pairs
               where pair is { Mine: not null, Theirs: not null } && pair.Mine != pair.Theirs
               select string.Create(CultureInfo.InvariantCulture, $"{pair.Option}: {pair.Mine} is used, where the file says {pair.Theirs}");
    }

    /// <summary>The full configuration; an <see cref="InputException"/> names every option that is still missing.</summary>
    public NequipConfig Complete(string source)
    {
        (string Option, string Key, bool Missing)[] needed =
        [
            ("hidden", "hidden", Hidden is null),
            ("edge", "edge", Edge is null),
            ("output", "out", Output is null),
            ("cutoff", "rc", Cutoff is null),
            ("neighbors", "Z", NeighborCount is null),
        ];
        string[] options = [.. needed.Where(n => n.Missing).Select(n => $"'{n.Option}'")];
        string keys = string.Join(", ", needed.Where(n => n.Missing).Select(n => $"\"{n.Key}\": ..."));
        if (options.Length > 0)
            throw new InputException($"{source}: holds weights but does not say everything about the network; give the option" +
                $"{(options.Length > 1 ? "s" : "")} {string.Join(" and ", options)}, or write them into " +
                $"{ConfigFile.PreferredPath(source)} as {{\"config\": {{{keys}}}}}.");

        PartialConfig plain = WithPlainIrreps(source);
        return PublishedScale.Apply(new()
        {
            Hidden = plain.Hidden!,
            Edge = plain.Edge!,
            Output = plain.Output!,
            Heads = plain.Heads ?? [],
            Classes = plain.Classes ?? [],
            NodeEmbedding = plain.NodeEmbedding!,
            AttributeEmbedding = plain.AttributeEmbedding!,
            SpeciesCount = SpeciesCount!.Value,
            LayerCount = LayerCount!.Value,
            Cutoff = Cutoff!.Value,
            NeighborCount = NeighborCount!.Value,
            Radial = Radial!,
            Basis = Basis ?? RadialBasis.Bessel,
            Envelope = Envelope ?? CutoffEnvelope.None,
            Species = Species ?? [],
            SpeciesAreRoles = SpeciesAreRoles ?? false,
            ScaleLength = ScaleLength ?? 0,
            ScaleNeighbors = ScaleNeighbors ?? PublishedScale.Neighbors,
            ScoreScale = ScoreScale ?? 0,
            ForceEncoding = plain.ForceEncoding ?? "",
            ReferenceEnergies = ReferenceEnergies ?? [],
            References = References ?? "",
        }, ScaleLength is not null);
    }

    /// <summary>
    /// Irreps in one spelling (<c>8x0e + 1e</c> becomes <c>8x0e+1x1e</c>) and within bounds; an <see cref="InputException"/> names
    /// the key that is wrong.
    /// </summary>
    public PartialConfig WithPlainIrreps(string source) => this with
    {
        Hidden = Hidden is null ? null : string.Join(HiddenIrreps.Separator, Hidden.Split(HiddenIrreps.Separator, NequipLimits.Layers)
            .Select(layer => Plain(source, "hidden", layer))),
        Edge = Plain(source, "edge", Edge),
        Output = Plain(source, "out", Output),
        NodeEmbedding = Plain(source, "nx", NodeEmbedding),
        AttributeEmbedding = Plain(source, "nz", AttributeEmbedding),
        ForceEncoding = Plain(source, "force_encoding", ForceEncoding),
    };

    private static string? Plain(string source, string key, string? irreps)
    {
        if (irreps is null)
            return null;
        if (irreps.Length > CheckpointLimits.IrrepsLength)
            throw new InputException($"{source}: configuration key '{key}' has {irreps.Length} characters of irreps; " +
                "no network has so many.");
        Irreps parsed;
        try
        {
            parsed = Irreps.Parse(irreps);
        }
        catch (InputException error)
        {
            throw new InputException($"{source}: configuration key '{key}': {error.Message}", error);
        }

        return parsed.All(block => block.Multiplicity <= CheckpointLimits.Multiplicity)
            ? parsed.ToString()
            : throw new InputException($"{source}: configuration key '{key}' asks for more than {CheckpointLimits.Multiplicity} channels " +
                $"of one irrep ('{irreps}').");
    }
}
