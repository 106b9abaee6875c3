namespace Denoise.Structure.BondOrder;

/// <summary>
/// The third-order invariant of bond-orientational order, w_l = Σ (l l l; m1 m2 m3) q_lm1 q_lm2 q_lm3 over m1 + m2 + m3 = 0, divided by
/// (Σ |q_lm|²)^(3/2): the ŵ_l of Steinhardt, Nelson and Ronchetti 1983. By the symmetries of the symbols and of the q_lm only
/// 0 ≤ m2 ≤ m3 is summed. It vanishes for odd l.
/// </summary>
internal sealed unsafe class CubicInvariant
{
    private readonly int _degree;

    // In the order of the loops: the symbol times the number of equal terms and the sign.
    private readonly double[] _factors;

    public CubicInvariant(int degree)
    {
        _degree = degree;
        List<double> factors = [];
        for (int m = 0; 2 * m <= degree && degree % 2 == 0; m++)
        {
            for (int n = m; m + n <= degree; n++)
            {
                // Orders of (-m-n, m, n), and, where they differ, of those with all signs turned.
                int terms = m == 0 ? n == 0 ? 1 : 6 : m == n ? 6 : 12;
                double sign = ((m + n) & 1) == 0 ? 1 : -1;
                double scale = m == 0 ? n == 0 ? 1 : 0.5 : Math.Sqrt(0.125);
                factors.Add(terms * sign * scale * WignerThreeJ.Equal(degree, m, n));
            }
        }

        _factors = [.. factors];
    }

    /// <summary>Of a row of <see cref="BondHarmonics"/>; 0 where it vanishes.</summary>
    /// <param name="row">[2 l + 1] of this degree</param>
    public double Of(double* row)
    {
        double norm = 0;
        for (int k = 0; k <= 2 * _degree; k++)
            norm += row[k] * row[k];
        if (!(norm > 0))
            return 0;
        double sum = 0;
        int term = 0;
        for (int m = 0; 2 * m <= _degree && _factors.Length > 0; m++)
        {
            double a = m == 0 ? row[0] : row[2 * m - 1], b = m == 0 ? 0 : row[2 * m];
            for (int n = m; m + n <= _degree; n++, term++)
            {
                double c = n == 0 ? row[0] : row[2 * n - 1], d = n == 0 ? 0 : row[2 * n];
                int s = m + n;
                double e = s == 0 ? row[0] : row[2 * s - 1], f = s == 0 ? 0 : row[2 * s];
                // The real part of a product of two, times the conjugate of the third.
                sum += _factors[term] * ((a * c - b * d) * e + (a * d + b * c) * f);
            }
        }

        return sum / (norm * Math.Sqrt(norm));
    }
}
