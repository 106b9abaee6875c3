namespace Denoise.Structure.Soap;

/// <summary>
/// DScribe's radial functions "gto": of degree l, g_n(r) = sum over k of B_nk r^l exp(-a_k r^2), with the a_k such that r^l exp(-a_k r^2)
/// falls to 0.001 at radii evenly from 1 Å to the cutoff, and B = S^(-1/2) of their overlaps S, so that they are orthonormal under r^2 dr.
/// </summary>
internal sealed class GaussianBasis
{
    private const double Threshold = 1e-3;

    /// <param name="settings">of the spectrum</param>
    /// <param name="degree">l</param>
    public GaussianBasis(SoapSettings settings, int degree)
    {
        int count = settings.RadialCount;
        Exponents = new double[count];
        for (int n = 0; n < count; n++)
        {
            double radius = count == 1 ? 1 : 1 + (settings.Cutoff - 1) * n / (count - 1);
            Exponents[n] = -Math.Log(Threshold / Math.Pow(radius, degree)) / (radius * radius);
        }

        var overlaps = new double[count, count];
        for (int i = 0; i < count; i++)
            for (int j = 0; j < count; j++)
                overlaps[i, j] = 0.5 * HalfGamma(degree + 1) * Math.Pow(Exponents[i] + Exponents[j], -degree - 1.5);
        (double[] values, double[,] vectors) = SymmetricMatrix.Diagonalize(overlaps);
        Weights = new double[count, count];
        for (int i = 0; i < count; i++)
            for (int j = 0; j < count; j++)
                for (int k = 0; k < count; k++)
                    Weights[i, j] += vectors[i, k] * vectors[j, k] / Math.Sqrt(values[k]);
    }

    /// <summary>[n] a, Å^-2</summary>
    public double[] Exponents { get; }

    /// <summary>[n, k] B</summary>
    public double[,] Weights { get; }

    /// <summary>Γ(k + 1/2)</summary>
    private static double HalfGamma(int k)
    {
        double value = Math.Sqrt(Math.PI);
        for (int i = 0; i < k; i++)
            value *= i + 0.5;
        return value;
    }
}
