namespace Denoise.Networks.Models;

/// <summary>How the radial weights end at the cutoff.</summary>
public enum CutoffEnvelope
{
    /// <summary>They do not: the output jumps when an edge appears (the published networks).</summary>
    None,

    /// <summary>1 - 28 u^6 + 48 u^7 - 21 u^8 with u = r/cutoff: value and two derivatives vanish at u = 1 (DimeNet, p = 6).</summary>
    Polynomial,
}
