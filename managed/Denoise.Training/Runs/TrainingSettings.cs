using System.Globalization;
using Denoise.Atoms;
using Denoise.Networks.Engines.Fused;
using Denoise.Networks.Engines.Simd;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;
using Denoise.Training.Forces;
using Denoise.Training.Sampling;
using Denoise.Training.Structures;

namespace Denoise.Training.Runs;

/// <summary>Everything that decides about the weights of a run, but the structures.</summary>
public sealed record TrainingSettings
{
    /// <summary>A batch is cut into that many parts, whatever the number of threads, so that the sums have the same bits.</summary>
    public const int MostThreads = ChunkSums.Chunks;

    /// <summary>Node features between layers, degrees up to 3; see <see cref="HiddenIrreps"/>.</summary>
    public string Hidden { get; init; } = "8x0e+8x1o+8x2e";

    public int LayerCount { get; init; } = 3;

    /// <summary>Å</summary>
    public double Cutoff { get; init; } = 3.6;

    public int BesselCount { get; init; } = 8;

    /// <summary>Hidden units of the radial networks.</summary>
    public int RadialUnits { get; init; } = 32;

    public int Steps { get; init; } = 20000;

    /// <summary>Cells of a batch.</summary>
    public int BatchCells { get; init; } = 8;

    /// <summary>Atoms of a cell, at least.</summary>
    public int CellAtoms { get; init; } = 200;

    public double LearningRate { get; init; } = 5e-3;

    /// <summary>Steps up to the full learning rate.</summary>
    public int WarmUp { get; init; } = 200;

    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>Gradients are scaled down to this norm.</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>Of the exponential average of the weights.</summary>
    public double AverageDecay { get; init; } = 0.999;

    public Perturbation Perturbation { get; init; } = new();

    /// <summary>
    /// Å from an atom of a compound to its two nearest, in the mean, which <c>scale auto</c> brings a frame's to: potentials differ in it,
    /// and polymorphs hardly do; 0: lengths are taken as they are.
    /// </summary>
    public double Bond { get; init; }

    /// <summary>Whether the network also names: a head of logits beside the displacement.</summary>
    public bool HasClasses { get; init; }

    /// <summary>Of the cross entropy of the classes beside the squared error, Å^2.</summary>
    public double ClassWeight { get; init; } = 0.02;

    /// <summary>
    /// Å: displacements are the gradient of the logits' log-density times its square, and the network has no head of displacements; 0:
    /// they are the head's.
    /// </summary>
    public double ScoreScale { get; init; }

    /// <summary>Whether species are roles: which of a compound's sublattices, not which element.</summary>
    public bool HasRoles { get; init; }

    /// <summary>What is learned from structures with forces; null: denoising of ideal structures.</summary>
    public ForceSettings? Forces { get; init; }

    public int Seed { get; init; } = 1;

    /// <summary>Names and values, as they go into logs, models and the file for resuming.</summary>
    public IEnumerable<KeyValuePair<string, string>> Describe()
    {
        static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
        yield return new("hidden", Hidden);
        yield return new("layers", Text(LayerCount));
        yield return new("cutoff", Text(Cutoff));
        yield return new("bessel", Text(BesselCount));
        yield return new("radial", Text(RadialUnits));
        yield return new("steps", Text(Steps));
        yield return new("batch", Text(BatchCells));
        if (Forces is null)
            yield return new("atoms", Text(CellAtoms));
        yield return new("learning-rate", Text(LearningRate));
        yield return new("warm-up", Text(WarmUp));
        yield return new("weight-decay", Text(WeightDecay));
        yield return new("clip", Text(ClipNorm));
        yield return new("average", Text(AverageDecay));
        if (Forces is not null)
        {
            foreach (KeyValuePair<string, string> setting in Forces.Describe())
                yield return setting;
            yield return new("iterated", Text(Perturbation.Iterated));
            yield return new("seed", Text(Seed));
            yield break;
        }

        yield return new("noise", Text(Perturbation.Noise));
        yield return new("volume-strain", Text(Perturbation.VolumeStrain));
        yield return new("shear-strain", Text(Perturbation.ShearStrain));
        yield return new("missing", Text(Perturbation.Missing));
        yield return new("relaxed", Text(Perturbation.Relaxed));
        yield return new("molten", Text(Perturbation.Molten));
        // Not where there are none: a training of before goes on.
        if (Bond > 0)
            yield return new("bond", Text(Bond));
        if (Perturbation.NoiseExponent != 1)
            yield return new("noise-exponent", Text(Perturbation.NoiseExponent));
        if (Perturbation.Rigid != Perturbation.DefaultRigid)
            yield return new("rigid", Text(Perturbation.Rigid));
        if (Perturbation.Unlike > 0)
            yield return new("unlike", Text(Perturbation.Unlike));
        if (Perturbation.Open > 0)
            yield return new("open", Text(Perturbation.Open));
        yield return new("iterated", Text(Perturbation.Iterated));
        if (HasClasses)
        {
            yield return new("classes", "true");
            yield return new("class-weight", Text(ClassWeight));
        }

        if (ScoreScale > 0)
        {
            yield return new("score", "conservative");
            yield return new("score-scale", Text(ScoreScale));
        }

        if (HasRoles)
            yield return new("roles", "true");
        yield return new("seed", Text(Seed));
    }

    /// <summary>How samples for that network are drawn.</summary>
    internal Perturbation SamplesFor(NequipConfig config) => Perturbation with
    {
        NoClass = ClassNames.IndexOf(config.Classes, NoClass.Name),
        Roles = config.SpeciesAreRoles ? config.SpeciesCount : 0,
    };

    /// <summary>The network to train on these structures, which have been measured with <see cref="Cutoff"/>.</summary>
    /// <param name="structures">what it will see; sets the normalization of sums and the typical length</param>
    /// <param name="elements">symbols of the species in order; empty: one species, any element</param>
    /// <exception cref="InputException">the hidden irreps are impossible or of a degree above 3</exception>
    public NequipConfig CreateConfig(IReadOnlyList<IdealStructure> structures, IReadOnlyList<string> elements)
    {
        (int lMax, bool hasParity, int scalars) = Check("a displacement");
        string displacement = hasParity ? "1x1o" : "1x1e";
        IReadOnlyList<string> classes = HasClasses ? ClassNames.Of(structures) : [];
        string logits = $"{classes.Count}x0e";
        bool isConservative = ScoreScale > 0;
        if (Bond > 0 && elements.Count < 2)
            throw new InputException("--bond is for compounds whose elements are told apart; leave it out, for others --spacing says what "
                + "'scale auto' measures.");
        int species = HasRoles ? structures.Max(structure => structure.SpeciesCount) : Math.Max(1, elements.Count);
        if (isConservative && !HasClasses)
            throw new InputException("a conservative score is the gradient of the logits of classes; add --classes.");
        return new()
        {
            Hidden = Hidden,
            Edge = Harmonics(1, lMax, hasParity),
            Output = isConservative ? logits : HasClasses ? $"{displacement}+{logits}" : displacement,
            Heads = isConservative ? [Head.Logits] : HasClasses ? [Head.Displacement, Head.Logits] : [],
            Classes = classes,
            NodeEmbedding = $"{scalars}x0e",
            AttributeEmbedding = species > 1 ? "8x0e" : "1x0e",
            SpeciesCount = species,
            SpeciesAreRoles = HasRoles && species > 1,
            LayerCount = LayerCount,
            Cutoff = Cutoff,
            NeighborCount = Math.Round(structures.Average(structure => structure.MeanNeighbors)),
            Radial = [BesselCount, RadialUnits],
            Envelope = CutoffEnvelope.Polynomial,
            Species = elements.Count > 1 ? elements : [],
            // A compound's bonds have a length, and its polymorphs densities of their own.
            ScaleLength = elements.Count > 1 ? Bond
                : Math.Round(structures.Average(structure => structure.Spacing), 4),
            ScaleNeighbors = Bond > 0 ? NequipConfig.BondNeighbors : IdealStructure.NearestCount,
            ScoreScale = ScoreScale,
        };
    }

    /// <summary>The network to train on structures with forces, lengths as they are.</summary>
    /// <param name="data">sets species, energies and the normalization of sums</param>
    /// <exception cref="InputException">the hidden irreps are impossible or of a degree above 3</exception>
    public NequipConfig CreateConfig(ForceData data)
    {
        ForceSettings forces = Forces ?? throw new InvalidOperationException("no forces are learned");
        (int lMax, bool hasParity, int scalars) = Check("forces");
        if (!hasParity)
            throw new InputException($"forces are polar vectors, and the hidden irreps '{Hidden}' are all even; write odd ones for odd " +
                "degrees, such as 8x0e+8x1o+8x2e.");
        bool isMinima = forces.Task == ForceTask.Minima;
        return new()
        {
            Hidden = Hidden,
            Edge = Harmonics(1, lMax, hasParity),
            Output = isMinima ? "1x1o" : forces.Denoising is null ? "1x0e+1x1o" : "1x0e+1x1o+1x1o",
            Heads = isMinima ? [Head.Displacement]
                : forces.Denoising is null ? [Head.Energy, Head.Forces] : [Head.Energy, Head.Forces, Head.Displacement],
            NodeEmbedding = $"{scalars}x0e",
            ForceEncoding = forces.TellsForces ? Harmonics(scalars, lMax, hasParity) : "",
            AttributeEmbedding = data.SpeciesCount > 1 ? "8x0e" : "1x0e",
            SpeciesCount = data.SpeciesCount,
            LayerCount = LayerCount,
            Cutoff = Cutoff,
            NeighborCount = Math.Max(1, Math.Round(data.MeanNeighbors)),
            Radial = [BesselCount, RadialUnits],
            Envelope = CutoffEnvelope.Polynomial,
            Species = data.Elements,
            ReferenceEnergies = isMinima ? [] : data.ReferenceEnergies,
        };
    }

    private static string Harmonics(int channels, int lMax, bool hasParity) =>
        string.Join('+', Enumerable.Range(0, lMax + 1).Select(l => $"{channels}x{l}{(hasParity && l % 2 == 1 ? 'o' : 'e')}"));

    private (int LMax, bool HasParity, int Scalars) Check(string vectors)
    {
        IReadOnlyList<Irreps> layers = HiddenIrreps.Parse(Hidden, LayerCount);
        Irreps hidden = layers[0];
        int lMax = layers.LMax();
        if (lMax > EdgeHarmonics.LMax)
            throw new InputException($"the hidden irreps '{Hidden}' have degree {lMax}; training computes degrees up to " +
                $"{EdgeHarmonics.LMax}.");
        if (!layers[^1].Any(block => block.L == 1))
            throw new InputException($"the hidden irreps '{Hidden}' hold no vectors, so they cannot make {vectors}; add 8x1o.");
        // Odd irreps mean true parities; all even is the convention of the published networks.
        return (lMax, hidden.Any(block => block.Irrep.Parity < 0),
            Math.Max(4, hidden.Where(block => block.Irrep == Irrep.Scalar).Sum(block => block.Multiplicity)));
    }
}
