using Denoise.Networks.Models;

namespace Denoise.InSitu.Denoising;

/// <summary>
/// How far a model can be trusted, out of what every checkpoint holds: a sphere of its cutoff held Z neighbors in training, so that
/// <c>a = (4 pi / 3 cutoff^3 / (Z + 1))^(1/3)</c> is the spacing of the atoms that it knows: 2.2 Å for the published metals, 2.3 for
/// ours. The numbers stand beside what the snapshots of tests/validation need (its README has the table). Lengths in model Å.
/// </summary>
internal sealed class ModelLimits
{
    /// <summary>In a crystal no atom goes farther than 0.65 a, in melts 1.2, beside an interface 1.49: no label depends on it.</summary>
    private const double MoveBound = 1.5;

    /// <summary>First predictions reach 0.4 a in crystals (noise of 13% of the shortest distance), 0.49 a beside interfaces.</summary>
    private const double NoiseBound = 0.5;

    /// <summary>In a crystal that is denoised fewer than 3% of the atoms are still predicted to move by so much of a.</summary>
    private const double SettledBound = 0.02;

    private const double AstrayBound = 0.1;

    /// <summary>
    /// About 0.03 Å: with 0.05 iron with a tenth of its atoms missing is named less well than where all atoms go all the way, and crystals
    /// that a model does not know come to rest on their way into others without a warning.
    /// </summary>
    private const double ArrivedBound = 0.012;

    // Crystals, melts and strained ones: 0.3 to 1.4.
    private const double Lonely = 0.25;
    private const double Crowded = 1.45;

    public ModelLimits(IModel model)
    {
        double spacing = Math.Cbrt(4 * Math.PI / 3 / (model.NeighborCount + 1)) * model.Cutoff;
        LargestMove = MoveBound * spacing;
        LargestNoise = NoiseBound * spacing;
        Settled = SettledBound * spacing;
        Arrived = ArrivedBound * spacing;
        LeastAstray = AstrayBound * spacing;
        double listed = (model.NeighborCount + 1) * Math.Pow((model.Cutoff + VerletList.Skin) / model.Cutoff, 3) - 1;
        (FewestNeighbors, MostNeighbors) = (Lonely * listed, Crowded * listed);
    }

    /// <summary>Cosine of 60 degrees: what turns away more from the first prediction is no noise that was found.</summary>
    public const double AstrayCosine = 0.5;

    /// <summary>Farther from where it was no atom is moved.</summary>
    public double LargestMove { get; }

    /// <summary>A first prediction that is longer belongs to no noise that the model was trained with.</summary>
    public double LargestNoise { get; }

    /// <summary>A last prediction that is longer says that the atom is still on its way.</summary>
    public double Settled { get; }

    /// <summary>What moves by less has arrived, as far as common neighbors are concerned.</summary>
    public double Arrived { get; }

    /// <summary>Of shorter displacements the direction says nothing.</summary>
    public double LeastAstray { get; }

    /// <summary>Within cutoff and skin.</summary>
    public double FewestNeighbors { get; }

    /// <summary>Within cutoff and skin.</summary>
    public double MostNeighbors { get; }
}
