using Denoise.Atoms;
using Denoise.Networks.Equivariance;

namespace Denoise.Networks.Models;

/// <summary>
/// What a network's configuration may ask for, wherever it comes from: generous for any score network, small enough that none makes a
/// session take minutes or gigabytes. Looked at before anything is allocated.
/// </summary>
internal static class NequipLimits
{
    private const int Species = 128;
    public const int Layers = 64;

    // Å. A copper crystal has 2,800 neighbors within the longest.
    private const double ShortestCutoff = 0.1;
    private const double LongestCutoff = 20;

    private const double FewestNeighbors = 0.1;
    private const double MostNeighbors = 10_000;

    // Bessel functions and hidden units; weights of the paths are MostRadialWeights at most.
    private const int RadialSizes = 8;
    private const int RadialSize = 1024;
    private const int MostRadialWeights = 8192;

    // The cutoff in typical distances between neighbors: beyond ten of them an atom has 6,000 neighbors.
    private const double ShortestReach = 0.5;
    private const double LongestReach = 10;

    private const int ScaleNeighbors = 64;

    // Å
    private const double ShortestScore = 1e-3;
    private const double LongestScore = 10;

    // Components of the features of an atom; the published networks have 52.
    private const int Dimension = 32_768;

    // 256 MiB; the published networks have 41,000.
    private const long Weights = 1 << 26;

    /// <exception cref="InputException">a number is out of its range; it is named</exception>
    public static void Check(NequipConfig config, string origin)
    {
        void Require(bool condition, FormattableString what)
        {
            if (!condition)
                throw new InputException($"{origin}: the network's configuration is impossible: {FormattableString.Invariant(what)}.");
        }

        void RequireIrreps(string name, string text)
        {
            Irreps irreps = Irreps.Parse(text);
            Require(irreps.Dimension <= Dimension, $"the {name} irreps have {irreps.Dimension} components, at most {Dimension} are possible");
        }

        Require(config.SpeciesCount is >= 1 and <= Species, $"{config.SpeciesCount} species, 1 to {Species} are possible");
        Require(config.LayerCount is >= 1 and <= Layers, $"{config.LayerCount} layers, 1 to {Layers} are possible");
        Require(config.Cutoff is >= ShortestCutoff and <= LongestCutoff,
            $"a cutoff of {config.Cutoff} Å, {ShortestCutoff} to {LongestCutoff} are possible");
        Require(config.NeighborCount is >= FewestNeighbors and <= MostNeighbors,
            $"a neighbor count of {config.NeighborCount}, {FewestNeighbors} to {MostNeighbors} are possible");
        Require(config.Radial.Count is >= 1 and <= RadialSizes && config.Radial.All(size => size is >= 1 and <= RadialSize),
            $"radial sizes [{string.Join(", ", config.Radial.Take(RadialSizes + 1))}], 1 to {RadialSizes} of 1 to {RadialSize} are possible");
        Require(config.Species.Count == 0 || config.Species.Count == config.SpeciesCount,
            $"{config.Species.Count} chemical symbols for {config.SpeciesCount} species");
        Require(!config.SpeciesAreRoles || config.Species.Count == 0, $"species that are roles and have chemical symbols");
        Require(config.Species.Distinct().Count() == config.Species.Count, $"two species have one chemical symbol");
        (double shortest, double longest) = (config.Cutoff / LongestReach, config.Cutoff / ShortestReach);
        Require(config.ScaleLength == 0 || (config.ScaleLength >= shortest && config.ScaleLength <= longest),
            $"a scale_length of {config.ScaleLength} Å, {shortest:g3} to {longest:g3} or 0 (unknown) are possible with this cutoff");
        Require(config.ScaleNeighbors is >= 1 and <= ScaleNeighbors,
            $"scale_neighbors {config.ScaleNeighbors}, 1 to {ScaleNeighbors} are possible");
        Require(config.ScoreScale == 0 || config.ScoreScale is >= ShortestScore and <= LongestScore,
            $"a score_scale of {config.ScoreScale} Å, {ShortestScore} to {LongestScore} or 0 (no conservative score) are possible");
        foreach (string hidden in config.Hidden.Split(HiddenIrreps.Separator))
            RequireIrreps("hidden", hidden);
        RequireIrreps("output", config.Output);
        RequireIrreps("node embedding", config.NodeEmbedding);
        RequireIrreps("attribute embedding", config.AttributeEmbedding);
        RequireIrreps("force encoding", config.ForceEncoding);
        Require(config.ReferenceEnergies.Count == 0 || config.ReferenceEnergies.Count == config.SpeciesCount,
            $"{config.ReferenceEnergies.Count} reference energies for {config.SpeciesCount} species");
    }

    /// <exception cref="InputException">a layer's radial network has too many outputs</exception>
    public static void CheckRadial(int layer, int outputs)
    {
        if (outputs > MostRadialWeights)
            throw new InputException($"layer {layer + 1} weighs {outputs:N0} paths of every edge, at most {MostRadialWeights:N0} are possible; " +
                "give the hidden irreps fewer channels.");
    }

    /// <summary>Called before weights are allocated.</summary>
    /// <param name="count">of the network so far, or of a part</param>
    /// <exception cref="InputException">they are too many for a score network</exception>
    public static void CheckWeights(long count)
    {
        if (count > Weights)
            throw new InputException($"the configuration describes a network of more than {Weights:N0} weights; give it fewer channels.");
    }
}
