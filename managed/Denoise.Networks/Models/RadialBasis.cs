namespace Denoise.Networks.Models;

/// <summary>The functions of an edge's length that the radial network sees.</summary>
public enum RadialBasis
{
    /// <summary>
    /// sqrt(2 / rc) sin(n pi x / rc) / x, x = r + 1e-5 (DimeNet, arXiv 2003.03123, eq. 7): the published denoisers, and ours.
    /// </summary>
    Bessel,

    /// <summary>
    /// Smooth bumps, evenly between 0 and the cutoff: e3nn's <c>soft_one_hot_linspace</c> with basis
    /// <c>smooth_finite</c> and <c>cutoff=True</c>, times sqrt(N): the published classifier.
    /// </summary>
    SmoothFinite,
}
