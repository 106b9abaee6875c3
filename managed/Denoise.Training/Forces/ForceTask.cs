namespace Denoise.Training.Forces;

/// <summary>What a network learns from structures with forces.</summary>
public enum ForceTask
{
    /// <summary>Energies and forces.</summary>
    Forces,

    /// <summary>Displacements out of the nearest minimum of the energy.</summary>
    Minima,
}
