namespace Denoise.InSitu;

/// <summary>What a host must know of a session.</summary>
/// <param name="Cutoff">of the network in model Å (divide by the scale for Å); 0 without a model</param>
/// <param name="HaloWidthSingle">largest width, in floats, that the halo is called with</param>
/// <param name="HaloWidthDouble">largest width, in doubles, that the halo is called with</param>
/// <param name="SpeciesCount">species that the network knows; 0 without a model</param>
/// <param name="GhostCutoffNeeded">by the last frame, also a failed one, in host lengths; 0 before the first</param>
/// <param name="GhostCutoffWanted">
/// for the last frame by who makes ghosts for it: room for atoms to move, and as far as structures are identified; host lengths
/// </param>
public readonly record struct SessionInfo(
    double Cutoff, int HaloWidthSingle, int HaloWidthDouble, int SpeciesCount, double GhostCutoffNeeded,
    double GhostCutoffWanted);
