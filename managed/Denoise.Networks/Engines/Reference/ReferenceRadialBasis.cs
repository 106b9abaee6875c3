using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Reference;

/// <summary>
/// What an edge's length enters as: Bessel functions (DimeNet, arXiv 2003.03123, eq. 7) and the cutoff envelope.
/// <code>b_n(r) = sqrt(2 / rc) sin(n pi x / rc) / x,   x = r + 1e-5,   n = 1 .. N</code>
/// </summary>
public static class ReferenceRadialBasis
{
    /// <summary>Å; keeps the published networks' basis finite at r = 0.</summary>
    public const double Offset = 1e-5;

    /// <param name="distance">r in Å</param>
    /// <param name="cutoff">rc in Å</param>
    /// <param name="values">[N] b_1 .. b_N</param>
    public static void Evaluate(double distance, double cutoff, Span<double> values)
    {
        double x = distance + Offset;
        for (int n = 1; n <= values.Length; n++)
            values[n - 1] = Math.Sqrt(2 / cutoff) * Math.Sin(n * Math.PI * x / cutoff) / x;
    }

    /// <summary>The slopes of <see cref="Evaluate"/> by the distance, 1/Å of the values' unit.</summary>
    public static void EvaluateSlopes(double distance, double cutoff, Span<double> slopes)
    {
        double x = distance + Offset;
        for (int n = 1; n <= slopes.Length; n++)
        {
            double k = n * Math.PI / cutoff;
            slopes[n - 1] = Math.Sqrt(2 / cutoff) * (k * Math.Cos(k * x) - Math.Sin(k * x) / x) / x;
        }
    }

    /// <summary>The slope of <see cref="Envelope"/> by the distance, 1/Å.</summary>
    public static double EnvelopeSlope(CutoffEnvelope kind, double distance, double cutoff)
    {
        double u = distance / cutoff;
        return kind == CutoffEnvelope.None || u >= 1 ? 0 : -168 * Math.Pow(u, 5) * (1 - u) * (1 - u) / cutoff;
    }

    /// <summary>The factor on every radial weight; see <see cref="CutoffEnvelope"/>.</summary>
    public static double Envelope(CutoffEnvelope kind, double distance, double cutoff)
    {
        if (kind == CutoffEnvelope.None)
            return 1;
        double u = distance / cutoff;
        return u >= 1 ? 0 : 1 - Math.Pow(u, 6) * (28 - 48 * u + 21 * u * u);
    }
}
