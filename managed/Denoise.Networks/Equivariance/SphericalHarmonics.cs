using Denoise.Atoms;

namespace Denoise.Networks.Equivariance;

/// <summary>
/// Real spherical harmonics in e3nn's basis: the polar axis is y, the azimuth runs from z to x, there is no Condon-Shortley
/// phase, and |Y_l|^2 = 2l + 1 ("component" normalization), so that Y_1 = sqrt(3) (x, y, z).
/// <code>
/// Y_l,+m = N_lm Q_lm(y) Re (z + i x)^m,   Y_l,-m = N_lm Q_lm(y) Im (z + i x)^m,   N_lm^2 = (2l+1) (2 - delta_m0) (l-m)! / (l+m)!
/// </code>
/// with Q_lm(cos t) = P_lm(cos t) / sin^m t the associated Legendre functions freed of the factor that the powers carry
/// (DLMF 14.10.3).
/// </summary>
public static class SphericalHarmonics
{
    /// <summary>N_lm at [l, m].</summary>
    private static readonly double[,] Normalization = BuildNormalization();

    /// <summary>Where Y_l,m lies among the values of all degrees from 0 on.</summary>
    public static int Index(int l, int m) => l * l + l + m;

    /// <summary>All Y_lm of the direction of a vector, degree after degree, m = -l .. l.</summary>
    /// <param name="lMax">largest degree, at most <see cref="Irrep.LMax"/></param>
    /// <param name="vector">of any length; the zero vector has no direction: Y_0 = 1, the rest 0, as in e3nn</param>
    /// <param name="values">[(lMax + 1)^2]</param>
    public static void Evaluate(int lMax, Vec3 vector, Span<double> values)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lMax, Irrep.LMax);
        double length = vector.Length;
        if (length == 0)
        {
            values[..((lMax + 1) * (lMax + 1))].Clear();
            values[0] = 1;
            return;
        }

        (double x, double y, double z) = vector * (1 / length);
        double re = 1, im = 0; // (z + i x)^m
        double diagonal = 1; // Q_mm = (2m - 1)!!
        for (int m = 0; m <= lMax; m++)
        {
            double previous = 0, current = diagonal;
            for (int l = m; l <= lMax; l++)
            {
                values[Index(l, m)] = Normalization[l, m] * current * re;
                if (m > 0)
                    values[Index(l, -m)] = Normalization[l, m] * current * im;
                (previous, current) = (current, ((2 * l + 1) * y * current - (l + m) * previous) / (l - m + 1));
            }

            (re, im) = (re * z - im * x, re * x + im * z);
            diagonal *= 2 * m + 1;
        }
    }

    /// <summary>
    /// The adjoint of <see cref="Evaluate"/>: what a change of the vector changes in the sum of the values times their adjoints. With n
    /// the direction and P the polynomial in its components, <c>(1 - n n^T) grad P(n) / r</c>; dQ_lm/dy = Q_l,m+1.
    /// </summary>
    /// <param name="lMax">largest degree</param>
    /// <param name="vector">as in the forward pass; the zero vector gives zero</param>
    /// <param name="adjoint">[(lMax + 1)^2]</param>
    public static Vec3 Backward(int lMax, Vec3 vector, ReadOnlySpan<double> adjoint)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lMax, Irrep.LMax);
        double length = vector.Length;
        if (length == 0)
            return default;

        Vec3 n = vector * (1 / length);
        (double x, double y, double z) = n;
        Span<double> above = stackalloc double[Irrep.LMax + 1], legendre = stackalloc double[Irrep.LMax + 1];
        Span<double> re = stackalloc double[Irrep.LMax + 1], im = stackalloc double[Irrep.LMax + 1];
        (re[0], im[0]) = (1, 0);
        double diagonal = 1;
        for (int m = 1; m <= lMax; m++)
        {
            (re[m], im[m]) = (re[m - 1] * z - im[m - 1] * x, re[m - 1] * x + im[m - 1] * z);
            diagonal *= 2 * m - 1;
        }

        above.Clear();
        double gx = 0, gy = 0, gz = 0;
        for (int m = lMax; m >= 0; m--)
        {
            double previous = 0, current = diagonal;
            for (int l = m; l <= lMax; l++)
            {
                double factor = Normalization[l, m], q = factor * current, slope = factor * above[l];
                double cosine = adjoint[Index(l, m)], sine = m > 0 ? adjoint[Index(l, -m)] : 0;
                gy += slope * (cosine * re[m] + sine * im[m]);
                if (m > 0)
                {
                    gz += q * m * (cosine * re[m - 1] + sine * im[m - 1]);
                    gx += q * m * (sine * re[m - 1] - cosine * im[m - 1]);
                }

                legendre[l] = current;
                (previous, current) = (current, ((2 * l + 1) * y * current - (l + m) * previous) / (l - m + 1));
            }

            legendre[..m].Clear();
            legendre.CopyTo(above);
            diagonal /= Math.Max(1, 2 * m - 1);
        }

        var gradient = new Vec3(gx, gy, gz);
        return (gradient - n * Vec3.Dot(n, gradient)) * (1 / length);
    }

    private static double[,] BuildNormalization()
    {
        double[,] table = new double[Irrep.LMax + 1, Irrep.LMax + 1];
        for (int l = 0; l <= Irrep.LMax; l++)
        {
            double ratio = 1; // (l+m)! / (l-m)!
            for (int m = 0; m <= l; m++)
            {
                table[l, m] = Math.Sqrt((2 * l + 1) * (m == 0 ? 1 : 2) / ratio);
                ratio *= (l + m + 1) * (double)(l - m);
            }
        }

        return table;
    }
}
