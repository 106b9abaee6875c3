using Denoise.Atoms;
using Denoise.Structure.Soap;

namespace Denoise.Structure.Reference;

/// <summary>
/// SOAP by its definition: c_nlm is the integral of g_n(r) Y_lm times the density, over the sphere by the expansion of a Gaussian in
/// modified spherical Bessel functions,
/// <code>exp(-b |r - R|^2) = 4π exp(-b (r^2 + R^2)) sum over lm of i_l(2 b r R) Y_lm(r) Y_lm(R),</code>
/// and along r by Simpson's rule; Y from associated Legendre functions. No step is shared with the fast path but the radial functions,
/// whose orthonormality has a test of its own.
/// </summary>
public static class ReferenceSoap
{
    private const int Intervals = 2000;

    /// <param name="settings">what of</param>
    /// <param name="atoms">within reach, seen from the center, Å, with their species</param>
    /// <returns>[<see cref="SoapSettings.Length"/>]</returns>
    public static double[] Spectrum(SoapSettings settings, IReadOnlyList<(int Species, Vec3 At)> atoms)
    {
        int degrees = settings.LargestDegree + 1, count = settings.RadialCount;
        GaussianBasis[] bases = [.. Enumerable.Range(0, degrees).Select(l => new GaussianBasis(settings, l))];
        // [species, l, m + l, n]
        var c = new double[settings.SpeciesCount, degrees, 2 * degrees, count];
        double b = 0.5 / (settings.Sigma * settings.Sigma), end = settings.Reach + 8 * settings.Sigma + 4, step = end / Intervals;
        var bessel = new double[degrees];
        foreach ((int species, Vec3 at) in atoms)
        {
            double distance = at.Length;
            if (distance > settings.Reach)
                continue;
            var integrals = new double[degrees, count];
            for (int k = 0; k <= Intervals; k++)
            {
                double r = k * step, weight = step / 3 * (k is 0 or Intervals ? 1 : k % 2 == 1 ? 4 : 2);
                ScaledBessel(2 * b * r * distance, bessel);
                // The Bessel functions are those times exp(-x).
                double density = 4 * Math.PI * Math.Exp(-b * (r - distance) * (r - distance)) * r * r * weight;
                for (int l = 0; l < degrees; l++)
                    for (int n = 0; n < count; n++)
                        integrals[l, n] += density * bessel[l] * Radial(bases[l], l, n, r);
            }

            for (int l = 0; l < degrees; l++)
                for (int m = -l; m <= l; m++)
                    for (int n = 0; n < count; n++)
                        c[species, l, m + l, n] += integrals[l, n] * Harmonic(l, m, at);
        }

        List<double> spectrum = [];
        for (int one = 0; one < settings.SpeciesCount; one++)
            for (int other = one; other < settings.SpeciesCount; other++)
                for (int l = 0; l < degrees; l++)
                    for (int n = 0; n < count; n++)
                        for (int k = one == other ? n : 0; k < count; k++)
                            spectrum.Add(Math.PI * Math.Sqrt(8 / (2.0 * l + 1)) *
                                Enumerable.Range(0, 2 * l + 1).Sum(m => c[one, l, m, n] * c[other, l, m, k]));
        return [.. spectrum];
    }

    /// <summary>g_n(r) of degree l.</summary>
    internal static double Radial(GaussianBasis basis, int l, int n, double r) =>
        Enumerable.Range(0, basis.Exponents.Length).Sum(k => basis.Weights[n, k] * Math.Exp(-basis.Exponents[k] * r * r)) * Math.Pow(r, l);

    /// <summary>exp(-x) i_l(x) for all l: by its series where that converges soon, else by recurrence downwards.</summary>
    private static void ScaledBessel(double x, double[] values)
    {
        if (x < 1e-8)
        {
            for (int l = 0; l < values.Length; l++)
                values[l] = l == 0 ? 1 : l == 1 ? x / 3 : 0;
            return;
        }

        // Miller: from a degree where they vanish, normalized by i_0 = sinh(x) / x.
        int start = values.Length + 40 + (int)x;
        double above = 0, here = 1e-280, scale;
        for (int l = start; l >= 0; l--)
        {
            if (l < values.Length)
                values[l] = here;
            (above, here) = (here, above + (2 * l + 1) / x * here);
            if (here < 1e200)
                continue;
            (above, here) = (above * 1e-200, here * 1e-200);
            for (int k = l; k < values.Length; k++)
                values[k] *= 1e-200;
        }

        // "above" is i_0 now.
        scale = 0.5 * (1 - Math.Exp(-2 * x)) / x / above;
        for (int l = 0; l < values.Length; l++)
            values[l] *= scale;
    }

    /// <summary>Real Y_lm; m &lt; 0 has the sine.</summary>
    private static double Harmonic(int l, int m, Vec3 at)
    {
        double r = at.Length, cosine = r > 0 ? at.Z / r : 1, azimuth = Math.Atan2(at.Y, at.X);
        int order = Math.Abs(m);
        double norm = (2 * l + 1) / (4 * Math.PI);
        for (int k = l - order + 1; k <= l + order; k++)
            norm /= k;
        double legendre = Legendre(l, order, cosine) * Math.Sqrt(norm);
        return m == 0 ? legendre : Math.Sqrt(2) * legendre * (m > 0 ? Math.Cos(order * azimuth) : Math.Sin(order * azimuth));
    }

    /// <summary>P_l^m(x) without the phase of Condon and Shortley.</summary>
    private static double Legendre(int l, int m, double x)
    {
        double value = 1, before = 0;
        for (int k = 1; k <= m; k++)
            value *= (2 * k - 1) * Math.Sqrt(Math.Max(0, 1 - x * x));
        for (int k = m + 1; k <= l; k++)
            (value, before) = (((2 * k - 1) * x * value - (k + m - 1) * before) / (k - m), value);
        return value;
    }
}
