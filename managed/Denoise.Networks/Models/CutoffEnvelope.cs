namespace Denoise.Networks.Models;

/// <summary>How the radial weights end at the cutoff.</summary>
public enum CutoffEnvelope
{
    /// <summary>
    /// As the radial basis does (the published networks): it vanishes at the cutoff and the radial network has no constant
    /// term, so the output is continuous but for 1e-5 of the basis, with a kink where an edge appears.
    /// </summary>
    None,

    /// <summary>1 - 28 u^6 + 48 u^7 - 21 u^8 with u = r/cutoff: value and two derivatives vanish at u = 1 (DimeNet, p = 6).</summary>
    Polynomial,
}
