using System.Globalization;

namespace Denoise.Training.Forces;

/// <summary>What a training from structures with forces learns, and how.</summary>
public sealed record ForceSettings
{
    /// <summary>What the network is to say.</summary>
    public ForceTask Task { get; init; }

    /// <summary>Denoising beside energies and forces (DeNS); null: none. Of <see cref="ForceTask.Forces"/> only.</summary>
    public DenoisingTask? Denoising { get; init; }

    /// <summary>Of the error of a structure's energy per atom, beside that of the forces, both in units of their rms.</summary>
    public double EnergyWeight { get; init; } = 0.1;

    /// <summary>
    /// Part of the samples whose forces are told; 0: the network has no force encoding. Of <see cref="ForceTask.Minima"/> only.
    /// </summary>
    public double Told { get; init; } = 1;

    /// <summary>Whether the network has a <see cref="Networks.Models.ForceEncoding"/>.</summary>
    public bool TellsForces => Task == ForceTask.Minima ? Told > 0 : Denoising is not null;

    /// <summary>Names and values, as they go into logs, models and the file for resuming.</summary>
    public IEnumerable<KeyValuePair<string, string>> Describe()
    {
        static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
        yield return new("task", Task == ForceTask.Minima ? "minima" : "forces");
        if (Task == ForceTask.Minima)
            yield return new("told", Text(Told));
        else
            yield return new("energy-weight", Text(EnergyWeight));
        if (Denoising is { } dens)
            yield return new("dens", $"{Text(dens.Probability)},{Text(dens.Noise)},{Text(dens.Part)},{Text(dens.Weight)}");
    }
}
