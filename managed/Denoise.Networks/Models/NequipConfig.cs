namespace Denoise.Networks.Models;

/// <summary>
/// What, besides its weights, defines a score network of the NequIP kind (arXiv 2101.03164; the denoiser of
/// doi 10.1038/s41524-024-01337-z). Irreps are e3nn strings, kept as written: equal neighbors are not merged.
/// </summary>
public sealed record NequipConfig
{
    /// <summary>Node features between layers, e.g. <c>8x0e+8x1e+4x2e</c>; see <see cref="HiddenIrreps"/>.</summary>
    public required string Hidden { get; init; }

    /// <summary>Spherical harmonics of an edge, e.g. <c>1x0e+1x1e+1x2e</c>.</summary>
    public required string Edge { get; init; }

    /// <summary>
    /// What the network predicts per atom: <c>1x1e</c> or <c>1x1o</c> for a denoiser, scalars for a classifier, <c>1x1o+24x0e</c> for
    /// both. Every block is a <see cref="Head"/>.
    /// </summary>
    public required string Output { get; init; }

    /// <summary>Names of the heads, block after block of <see cref="Output"/>; empty: they follow from the irreps.</summary>
    public IReadOnlyList<string> Heads { get; init; } = [];

    /// <summary>Names of the classes that the logits stand for, in order; empty: not known, or there are no logits.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>Embedding of the species as node features.</summary>
    public required string NodeEmbedding { get; init; }

    /// <summary>
    /// The first node features where the network is told the atoms' forces, e.g. <c>8x0e+8x1o+8x2e</c>: the node embedding, and as many
    /// channels as are wanted of every degree that forces are mapped to; see <see cref="Models.ForceEncoding"/>. Empty: it is not.
    /// </summary>
    public string ForceEncoding { get; init; } = "";

    /// <summary>Embedding of the species as constant node attributes z.</summary>
    public required string AttributeEmbedding { get; init; }

    /// <summary>Number of species (rows of both embeddings).</summary>
    public required int SpeciesCount { get; init; }

    /// <summary>Interaction layers.</summary>
    public required int LayerCount { get; init; }

    /// <summary>Cutoff of the graph in model Å.</summary>
    public required double Cutoff { get; init; }

    /// <summary>Z: aggregates are divided by sqrt(Z).</summary>
    public required double NeighborCount { get; init; }

    /// <summary>Sizes of the radial network up to its last hidden layer: Bessel functions, hidden units; e.g. 16, 64.</summary>
    public required IReadOnlyList<int> Radial { get; init; }

    /// <summary>What the radial network sees of an edge's length.</summary>
    public RadialBasis Basis { get; init; }

    /// <summary>Factor on every radial weight that goes to 0 at the cutoff; the published networks have none.</summary>
    public CutoffEnvelope Envelope { get; init; } = CutoffEnvelope.None;

    /// <summary>Chemical symbols of the species in order, or empty: a network of one species works on any element.</summary>
    public IReadOnlyList<string> Species { get; init; } = [];

    /// <summary>
    /// Whether species are roles: the kinds of atoms of a compound in any order, whatever their elements; then they have no symbols.
    /// </summary>
    public bool SpeciesAreRoles { get; init; }

    /// <summary>
    /// <c>scale auto</c> multiplies lengths so that the typical mean distance to the nearest <see cref="ScaleNeighbors"/> atoms
    /// becomes this many Å; 0: unknown, lengths are taken as they are. 2.483 at 13 neighbors is the training density of the
    /// published metals (fcc and bcc agree at 13 to 0.3%).
    /// </summary>
    public double ScaleLength { get; init; }

    public int ScaleNeighbors { get; init; } = 13;

    /// <summary>
    /// <see cref="ScaleNeighbors"/> of a compound whose density tells nothing: atoms between two others have bonds of equal length.
    /// </summary>
    public const int BondNeighbors = 2;

    /// <summary>
    /// s in Å where the logits were trained as a log-density: -s^2 times its gradient is the displacement; 0: they were not.
    /// </summary>
    public double ScoreScale { get; init; }

    /// <summary>
    /// eV, of an atom of each species: what <see cref="Head.Energy"/> is counted from, so that a structure's energy is the sum of both;
    /// empty: from 0.
    /// </summary>
    public IReadOnlyList<double> ReferenceEnergies { get; init; } = [];

    /// <summary>
    /// Ideal structures by which denoised atoms are named, as the text of a file that <c>denoise reference</c> makes; empty: there are
    /// none.
    /// </summary>
    public string References { get; init; } = "";
}
