using Denoise.Atoms;
using Denoise.Networks.Equivariance;

namespace Denoise.Networks.Models;

/// <summary>
/// How an atom's force becomes node features (DeNS, arXiv 2403.09549): channel c of degree l is
/// <code>
/// x_c,l,m += weight_c,l |f| Y_lm(f / |f|) / sqrt(3)
/// </code>
/// with |Y_l|^2 = 2l + 1, so that degree 1 is the force itself, in eV/Å, and degree 0 is |f| / sqrt(3). No force gives nothing: an atom
/// whose force is not known has the force 0.
/// </summary>
public sealed class ForceEncoding
{
    /// <summary>Name of <see cref="Weights"/> in the state dict.</summary>
    public const string WeightName = "init_embed.embed_force.weight";

    private static readonly double Normalization = 1 / Math.Sqrt(3);

    internal ForceEncoding(NequipConfig config, Irreps embedding, Irreps edge, string origin, IParameterSource source)
    {
        Features = Irreps.Parse(config.ForceEncoding);
        bool isNatural = edge.Any(block => block.Irrep.Parity < 0) || Features.Any(block => block.Irrep.Parity < 0);
        bool Fits(IrrepBlock block) => block.Multiplicity > 0 && block.Irrep.Parity == (isNatural && block.L % 2 == 1 ? -1 : 1);
        if (embedding.Count != 1 || Features.Count < 2 || Features[0] != embedding[0] || !Features.All(Fits) ||
            Features.Select(block => block.L).Distinct().Count() < Features.Count)
            throw new InputException($"{origin}: the force encoding '{config.ForceEncoding}' is not the node embedding '{embedding}' with " +
                "vectors and higher degrees of forces behind it, each degree once, such as 8x0e+8x1o+8x2e.");
        Weights = source.Take(WeightName, Features.ChannelCount);
    }

    /// <summary>Node features: the node embedding, then a block per degree.</summary>
    public Irreps Features { get; }

    /// <summary>[channels of <see cref="Features"/>] one weight per channel, block after block.</summary>
    public float[] Weights { get; }

    /// <summary>Numbers of a force that the weights multiply, degree after degree: (LMax + 1)^2.</summary>
    public int HarmonicCount => (Features.LMax + 1) * (Features.LMax + 1);

    /// <summary>|f| Y_lm(f / |f|) / sqrt(3), at <see cref="SphericalHarmonics.Index"/>; all 0 without a force.</summary>
    /// <param name="force">eV/Å</param>
    /// <param name="values">[<see cref="HarmonicCount"/>]</param>
    public void Evaluate(Vec3 force, Span<double> values)
    {
        SphericalHarmonics.Evaluate(Features.LMax, force, values);
        double factor = force.Length * Normalization;
        for (int k = 0; k < HarmonicCount; k++)
            values[k] *= factor;
    }
}
