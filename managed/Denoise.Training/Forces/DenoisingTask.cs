namespace Denoise.Training.Forces;

/// <summary>
/// Denoising of structures that are not in equilibrium (DeNS, arXiv 2403.09549): atoms of a sample are moved at random, the network is
/// told the forces that they had before, and predicts by how much they were moved.
/// </summary>
/// <param name="Probability">part of the samples</param>
/// <param name="Noise">standard deviation per component, Å</param>
/// <param name="Part">part of a sample's atoms that are moved</param>
/// <param name="Weight">of the error of the noise in its own units, beside that of the forces; it falls linearly to 0</param>
public sealed record DenoisingTask(double Probability, double Noise, double Part, double Weight);
