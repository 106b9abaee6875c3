using System.Numerics;
using Denoise.Atoms;
using Denoise.Structure.BondOrder;

namespace Denoise.Structure.Reference;

/// <summary>Bond-orientational order from the definitions, in complex numbers: the oracle of <see cref="SteinhardtAnalysis"/>.</summary>
public static class ReferenceBondOrder
{
    private static readonly double[] Factorials =
        [.. Enumerable.Range(0, 2 * WignerThreeJ.LargestDegree + 1).Select(n => Enumerable.Range(1, n).Aggregate(1.0, (f, k) => f * k))];

    /// <summary>q_lm of m = -l to l: means of Y_lm over bonds.</summary>
    public static Complex[] Mean(int l, IReadOnlyCollection<Vec3> bonds) =>
        [.. Enumerable.Range(-l, 2 * l + 1).Select(m => bonds.Aggregate(Complex.Zero, (sum, r) => sum + Y(l, m, r)) / Math.Max(1, bonds.Count))];

    /// <summary>√(4π / (2l + 1) Σ |q_lm|²)</summary>
    public static double Q(Complex[] q) => Math.Sqrt(4 * Math.PI / q.Length * Norm(q));

    /// <summary>Σ (l l l; m1 m2 m3) q_lm1 q_lm2 q_lm3 / (Σ |q_lm|²)^(3/2)</summary>
    public static double W(Complex[] q)
    {
        int l = q.Length / 2;
        Complex sum = 0;
        for (int a = -l; a <= l; a++)
            for (int b = -l; b <= l; b++)
                if (Math.Abs(a + b) <= l)
                    sum += WignerThreeJ.Equal(l, a, b) * q[l + a] * q[l + b] * q[l - a - b];
        return sum.Real / Math.Pow(Norm(q), 1.5);
    }

    /// <summary>Σ q_lm q*_lm of two atoms, normalised.</summary>
    public static double Product(Complex[] a, Complex[] b) =>
        a.Zip(b, (x, y) => x * Complex.Conjugate(y)).Aggregate(Complex.Zero, (sum, z) => sum + z).Real / Math.Sqrt(Norm(a) * Norm(b));

    private static double Norm(Complex[] q) => q.Sum(z => z.Real * z.Real + z.Imaginary * z.Imaginary);

    private static Complex Y(int l, int m, Vec3 bond)
    {
        if (m < 0)
            return (m % 2 == 0 ? 1 : -1) * Complex.Conjugate(Y(l, -m, bond));
        double r = bond.Length, x = bond.Z / r, phi = Math.Atan2(bond.Y, bond.X);
        // P_l by powers, of which the derivative of order m is taken.
        double derivative = 0;
        for (int k = 0; 2 * k <= l - m; k++)
            derivative += (k % 2 == 0 ? 1 : -1) * Factorial(2 * l - 2 * k) / (Factorial(k) * Factorial(l - k) * Factorial(l - 2 * k - m))
                * Math.Pow(x, l - 2 * k - m) / Math.Pow(2, l);
        double legendre = (m % 2 == 0 ? 1 : -1) * Math.Pow(Math.Max(0, 1 - x * x), 0.5 * m) * derivative;
        double norm = Math.Sqrt((2 * l + 1) / (4 * Math.PI) * Factorial(l - m) / Factorial(l + m));
        return norm * legendre * new Complex(Math.Cos(m * phi), Math.Sin(m * phi));
    }

    private static double Factorial(int n) => Factorials[n];
}
