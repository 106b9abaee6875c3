using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;

namespace Denoise.Networks.Checkpoints.Architecture;

/// <summary>
/// The length scale of the published metal denoisers (doi 10.1038/s41524-024-01337-z), whose files do not hold one.
/// <para>
/// They were trained with a cutoff of 3.2 Å on crystals of copper's density, where the mean distance of an atom to its 13 nearest
/// is 2.483 Å (fcc and bcc agree to 0.3%), and are applied to other elements by scaling lengths. The rule: a network of one
/// species that predicts one vector per atom with that cutoff, and says nothing on its scale, gets that length. One
/// trained with another cutoff was trained on something else: its scale stays unknown (0) and lengths are taken as they are.
/// Networks of several species are tied to their substance, and classifiers were given lengths of their own: neither is touched.
/// </para>
/// </summary>
internal static class PublishedScale
{
    /// <summary>Mean distance to the 13 nearest atoms at the training density, Å.</summary>
    public const double Length = 2.483;

    public const int Neighbors = 13;

    /// <summary>Å.</summary>
    public const double Cutoff = 3.2;

    /// <summary>The configuration with the published scale where the rule holds.</summary>
    /// <param name="config">of the network</param>
    /// <param name="given">whether the file or the caller said something about the scale; 0 is something too</param>
    public static NequipConfig Apply(NequipConfig config, bool given)
    {
        bool published = !given && config.SpeciesCount == 1 && Math.Abs(config.Cutoff - Cutoff) < 1e-6 && PredictsVector(config);
        return published ? config with { ScaleLength = Length, ScaleNeighbors = Neighbors } : config;
    }

    private static bool PredictsVector(NequipConfig config) =>
        Irreps.Parse(config.Output) is [{ Multiplicity: 1, Irrep.L: 1 }];
}
