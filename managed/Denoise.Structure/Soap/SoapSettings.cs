using Denoise.Atoms;

namespace Denoise.Structure.Soap;

/// <summary>
/// What a SOAP power spectrum is of: Bartok, Kondor, Csanyi, Phys. Rev. B 87, 184115 (2013), in the conventions of DScribe (Himanen et
/// al., Comput. Phys. Commun. 247, 106949, 2020), radial functions "gto".
/// </summary>
/// <param name="RadialCount">n_max: radial functions</param>
/// <param name="LargestDegree">l_max</param>
/// <param name="Cutoff">r_cut, Å: the widest radial function is 0.001 of its scale there</param>
/// <param name="Sigma">of the Gaussians that stand for atoms, Å</param>
/// <param name="SpeciesCount">densities, one per species</param>
public sealed record SoapSettings(int RadialCount, int LargestDegree, double Cutoff, double Sigma, int SpeciesCount = 1)
{
    public const int MostRadial = 16;

    public const int HighestDegree = 12;

    /// <summary>
    /// Å: atoms that far from the center count, as in DScribe: beyond the cutoff until their Gaussian has fallen to 0.001.
    /// </summary>
    public double Reach => Cutoff + Sigma * Math.Sqrt(-2 * Math.Log(0.001));

    /// <summary>Coefficients of one density: [degrees and orders].</summary>
    public int Harmonics => (LargestDegree + 1) * (LargestDegree + 1);

    /// <summary>
    /// Numbers of a spectrum: by pair of species Z1 ≤ Z2, degree l, then radial functions n, n', n' ≥ n where the species are one.
    /// </summary>
    public int Length => (LargestDegree + 1) *
        (SpeciesCount * (RadialCount * (RadialCount + 1) / 2) + SpeciesCount * (SpeciesCount - 1) / 2 * RadialCount * RadialCount);

    /// <exception cref="InputException">it cannot be; the message begins with <paramref name="source"/></exception>
    public SoapSettings Checked(string source)
    {
        if (RadialCount is < 1 or > MostRadial)
            throw new InputException($"{source}: n_max is {RadialCount}; it is 1 to {MostRadial}.");
        if (LargestDegree is < 0 or > HighestDegree)
            throw new InputException($"{source}: l_max is {LargestDegree}; it is 0 to {HighestDegree}.");
        if (!(Sigma is >= 0.1 and <= 3))
            throw new InputException($"{source}: sigma is {Sigma:g6} Å; it is 0.1 to 3.");
        if (!(Cutoff is > 1 and <= 20))
            throw new InputException($"{source}: the cutoff is {Cutoff:g6} Å; it is above 1 and up to 20.");
        if (SpeciesCount is < 1 or > 8)
            throw new InputException($"{source}: there are {SpeciesCount} species; 1 to 8 are possible.");
        return this;
    }
}
