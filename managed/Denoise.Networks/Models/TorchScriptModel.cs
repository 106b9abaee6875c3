namespace Denoise.Networks.Models;

/// <summary>
/// A network in a TorchScript archive: what its <c>denoise.json</c> says of it (docs/torch.md). Nothing in the file is executed before an
/// engine opens it. Lengths in model Å.
/// </summary>
public sealed record TorchScriptModel : IModel
{
    internal const int DefaultBytesPerAtom = 64 << 10;

    /// <summary>The file.</summary>
    public required string Origin { get; init; }

    /// <summary>SHA-256 of the file: what tells networks apart.</summary>
    public required byte[] Hash { get; init; }

    public required double Cutoff { get; init; }

    /// <summary>Times that a module passes messages along edges; features cannot be exchanged between them.</summary>
    public required int Layers { get; init; }

    public required double NeighborCount { get; init; }

    public double Reach => Layers * Cutoff;

    public IReadOnlyList<string> Species { get; init; } = [];

    public int SpeciesCount => Math.Max(1, Species.Count);

    public bool SpeciesAreRoles => false;

    public double ScaleLength { get; init; }

    public int ScaleNeighbors { get; init; } = 13;

    public required IReadOnlyList<Head> Heads { get; init; }

    public string OutputText => string.Join(", ", Heads.Select(head => $"{head.Name} ({head.Irreps})"));

    public bool IsConservative => false;

    /// <summary>
    /// Whether the module is given, instead of an edge's vector, what periodic images add to it: vector - (r_receiver - r_sender).
    /// </summary>
    public bool TakesShifts { get; init; }

    /// <summary>Whether it takes double precision.</summary>
    public bool IsDouble { get; init; }

    /// <summary>Whether it differentiates something itself, such as an energy.</summary>
    public bool NeedsGradients { get; init; }

    /// <summary>Memory that it takes per atom, for the budget of a frame.</summary>
    public int BytesPerAtom { get; init; } = DefaultBytesPerAtom;
}
