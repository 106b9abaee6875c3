namespace Denoise.Training.Runs;

/// <summary>
/// How well a network denoises one structure at one noise level: root mean square displacements per atom, mean shift taken off.
/// </summary>
/// <param name="Structure">its name</param>
/// <param name="Noise">standard deviation per component, in shortest distances</param>
/// <param name="Before">Å, of the noise</param>
/// <param name="AfterOne">Å, after one iteration</param>
/// <param name="AfterEight">Å, after eight</param>
/// <param name="Named">part of the atoms that the network then names right; NaN: it names none</param>
public readonly record struct ValidationRow(
    string Structure, double Noise, double Before, double AfterOne, double AfterEight, double Named);
