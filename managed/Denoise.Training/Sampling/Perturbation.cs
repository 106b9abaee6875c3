using Denoise.Training.Batches;

namespace Denoise.Training.Sampling;

/// <summary>How an ideal structure is disturbed; every sample draws its own amounts, uniform up to these.</summary>
public sealed record Perturbation
{
    /// <summary>Standard deviation per component, in shortest distances: 13% is where crystals melt (Lindemann).</summary>
    public double Noise { get; init; } = 0.13;

    /// <summary>
    /// A sample's noise is the largest times u^exponent, u uniform. Above 1 there is more of little noise, where structures differ by
    /// what strong noise hides: names are learned there first.
    /// </summary>
    public double NoiseExponent { get; init; } = 1;

    /// <summary>Relative change of the volume, either way.</summary>
    public double VolumeStrain { get; init; } = 0.10;

    /// <summary>Elements of the symmetric traceless strain, either way.</summary>
    public double ShearStrain { get; init; } = 0.05;

    /// <summary>Å: standard deviation per component of whole molecules, which turn by as much, of ices.</summary>
    public double Rigid { get; init; } = DefaultRigid;

    public const double DefaultRigid = 0.2;

    /// <summary>Part of the atoms that are taken out.</summary>
    public double Missing { get; init; }

    /// <summary>Part of the samples whose noise is relaxed: atoms that it puts too close part, as they would in dynamics.</summary>
    public double Relaxed { get; init; }

    /// <summary>Part of the samples that are molten: half of these wholly, half a slab beside its crystal. 1: none is a crystal.</summary>
    public double Molten { get; init; }

    /// <summary>Part of the samples that are none of the structures: see <see cref="UnlikeSamples"/>.</summary>
    public double Unlike { get; init; }

    /// <summary>Part of the samples with a surface or a void: see <see cref="Opening"/>.</summary>
    public double Open { get; init; }

    /// <summary>What atoms of no structure are to be named; <see cref="TrainingCell.Unlabelled"/>: nothing.</summary>
    public int NoClass { get; init; } = TrainingCell.Unlabelled;

    /// <summary>Species, where these are roles: see <see cref="RoleAssignment"/>; 0: they are the structures'.</summary>
    public int Roles { get; init; }

    /// <summary>
    /// Part of the samples that are not drawn but go on: those of the update before, moved by what was predicted for them. So the
    /// network meets what its own iterations leave.
    /// </summary>
    public double Iterated { get; init; }
}
