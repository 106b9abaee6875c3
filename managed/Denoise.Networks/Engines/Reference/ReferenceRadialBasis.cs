using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Reference;

/// <summary>
/// What an edge's length enters as: a <see cref="RadialBasis"/> and the cutoff envelope.
/// <code>
/// Bessel        b_n(r) = sqrt(2 / rc) sin(n pi x / rc) / x,   x = r + 1e-5,   n = 1 .. N
/// SmoothFinite  b_n(r) = sqrt(N) 1.14136 e^2 s(d + 1) s(1 - d),   d = (N + 1) r / rc - n,   s(u) = exp(-1/u) for u &gt; 0, else 0
/// </code>
/// </summary>
public static class ReferenceRadialBasis
{
    /// <summary>Å; keeps the published networks' basis finite at r = 0.</summary>
    public const double Offset = 1e-5;

    /// <summary>e3nn's: the sum of the squares of all functions is then about 1.</summary>
    private const double SmoothFiniteNorm = 1.14136;

    /// <param name="basis">which functions</param>
    /// <param name="distance">r in Å</param>
    /// <param name="cutoff">rc in Å</param>
    /// <param name="values">[N] b_1 .. b_N</param>
    public static void Evaluate(RadialBasis basis, double distance, double cutoff, Span<double> values)
    {
        if (basis == RadialBasis.SmoothFinite)
        {
            double norm = Math.Sqrt(values.Length) * SmoothFiniteNorm * Math.Exp(2);
            for (int n = 1; n <= values.Length; n++)
            {
                double d = (values.Length + 1) * distance / cutoff - n;
                values[n - 1] = norm * SmoothStep(d + 1) * SmoothStep(1 - d);
            }

            return;
        }

        double x = distance + Offset;
        for (int n = 1; n <= values.Length; n++)
            values[n - 1] = Math.Sqrt(2 / cutoff) * Math.Sin(n * Math.PI * x / cutoff) / x;
    }

    /// <summary>The slopes of <see cref="Evaluate"/> by the distance, 1/Å of the values' unit.</summary>
    public static void EvaluateSlopes(RadialBasis basis, double distance, double cutoff, Span<double> slopes)
    {
        if (basis == RadialBasis.SmoothFinite)
        {
            double norm = Math.Sqrt(slopes.Length) * SmoothFiniteNorm * Math.Exp(2), knots = (slopes.Length + 1) / cutoff;
            for (int n = 1; n <= slopes.Length; n++)
            {
                double up = knots * distance - n + 1, down = 2 - up;
                slopes[n - 1] = up > 0 && down > 0
                    ? norm * knots * SmoothStep(up) * SmoothStep(down) * (1 / (up * up) - 1 / (down * down))
                    : 0;
            }

            return;
        }

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

    private static double SmoothStep(double u) => u > 0 ? Math.Exp(-1 / u) : 0;

    /// <summary>The factor on every radial weight; see <see cref="CutoffEnvelope"/>.</summary>
    public static double Envelope(CutoffEnvelope kind, double distance, double cutoff)
    {
        if (kind == CutoffEnvelope.None)
            return 1;
        double u = distance / cutoff;
        return u >= 1 ? 0 : 1 - Math.Pow(u, 6) * (28 - 48 * u + 21 * u * u);
    }
}
