using Denoise.Networks.Models;

namespace Denoise.InSitu.Denoising;

/// <summary>
/// How far a model can be trusted, out of what every checkpoint holds: a sphere of its cutoff held Z neighbors in training, so that
/// <c>a = (4 pi / 3 cutoff^3 / (Z + 1))^(1/3)</c> is the spacing of the atoms that it knows. Lengths in model Å.
/// </summary>
internal sealed class ModelLimits
{
    /// <summary>
    /// Of a: farther from where an atom was, another one's place begins. Atoms that are denoised rightly go 0.8 a at most, those of
    /// surfaces and melts may reach it.
    /// </summary>
    private const double MoveBound = 1;

    /// <summary>Of a: five standard deviations of the largest noise of training, 13% of the shortest distance.</summary>
    private const double NoiseBound = 0.6;

    private const double Crowded = 2;
    private const double Lonely = 0.25;

    /// <param name="config">of the model</param>
    public ModelLimits(NequipConfig config)
    {
        Spacing = Math.Cbrt(4 * Math.PI / 3 / (config.NeighborCount + 1)) * config.Cutoff;
        double listed = (config.NeighborCount + 1) * Math.Pow((config.Cutoff + Graph.Skin) / config.Cutoff, 3) - 1;
        (FewestNeighbors, MostNeighbors) = (Lonely * listed, Crowded * listed);
    }

    /// <summary>a, model Å.</summary>
    public double Spacing { get; }

    /// <summary>Farther from where it was no atom is moved.</summary>
    public double LargestMove => MoveBound * Spacing;

    /// <summary>A first prediction that is longer belongs to no noise that the model was trained with.</summary>
    public double LargestNoise => NoiseBound * Spacing;

    /// <summary>Within cutoff and skin.</summary>
    public double FewestNeighbors { get; }

    /// <summary>Within cutoff and skin.</summary>
    public double MostNeighbors { get; }
}
