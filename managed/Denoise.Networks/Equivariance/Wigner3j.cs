using System.Collections.Concurrent;
using System.Numerics;

namespace Denoise.Networks.Equivariance;

/// <summary>
/// The invariant tensor of three irreps in e3nn's real basis, with norm 1: the Wigner 3j symbols up to sign and basis.
/// Computed from Clebsch-Gordan coefficients (Racah's formula, DLMF 34.2.4, exact integers up to l = 6 in double precision)
/// and the change from complex to real harmonics.
/// </summary>
public sealed class Wigner3j
{
    private static readonly ConcurrentDictionary<(int, int, int), Wigner3j> Cache = new();

    private Wigner3j(int l1, int l2, int l3)
    {
        (L1, L2, L3) = (l1, l2, l3);
        Values = Compute(l1, l2, l3);
        var entries = new List<Entry>();
        for (int m1 = 0; m1 <= 2 * l1; m1++)
            for (int m2 = 0; m2 <= 2 * l2; m2++)
                for (int m3 = 0; m3 <= 2 * l3; m3++)
                    if (this[m1, m2, m3] != 0)
                        entries.Add(new(m1, m2, m3, this[m1, m2, m3]));
        Entries = [.. entries];
    }

    /// <summary>A value that is not zero at components m1, m2, m3, counted from 0.</summary>
    public readonly record struct Entry(int M1, int M2, int M3, double Value);

    public int L1 { get; }

    public int L2 { get; }

    public int L3 { get; }

    /// <summary>[2 l1 + 1, 2 l2 + 1, 2 l3 + 1], row-major.</summary>
    public double[] Values { get; }

    /// <summary>What is not zero, in row-major order.</summary>
    public Entry[] Entries { get; }

    public double this[int m1, int m2, int m3] => Values[(m1 * (2 * L2 + 1) + m2) * (2 * L3 + 1) + m3];

    /// <summary>The tensor of |l1 - l2| &lt;= l3 &lt;= l1 + l2, each at most <see cref="Irrep.LMax"/>; computed once.</summary>
    public static Wigner3j Get(int l1, int l2, int l3)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Max(l1, Math.Max(l2, l3)), Irrep.LMax);
        if (l3 < Math.Abs(l1 - l2) || l3 > l1 + l2)
            throw new ArgumentException($"({l1}, {l2}, {l3}) do not form a triangle");
        return Cache.GetOrAdd((l1, l2, l3), key => new(key.Item1, key.Item2, key.Item3));
    }

    private static double[] Compute(int l1, int l2, int l3)
    {
        double[] values = new double[(2 * l1 + 1) * (2 * l2 + 1) * (2 * l3 + 1)];
        int index = 0;
        for (int a = -l1; a <= l1; a++)
            for (int b = -l2; b <= l2; b++)
                for (int c = -l3; c <= l3; c++)
                {
                    // A real component mixes the two complex ones of the same |m|.
                    Complex sum = 0;
                    foreach (int m1 in Pair(a))
                        foreach (int m2 in Pair(b))
                            if (Math.Abs(m1 + m2) == Math.Abs(c))
                                sum += ToReal(l1, m1, a) * ToReal(l2, m2, b) * Complex.Conjugate(ToReal(l3, m1 + m2, c))
                                    * ClebschGordan(l1, m1, l2, m2, l3);
                    double value = sum.Real / Math.Sqrt(2 * l3 + 1);
                    // Terms cancel to rounding (1e-17) or not at all: up to l = 6 no value is below 5e-3.
                    values[index++] = Math.Abs(value) < 1e-12 ? 0 : value;
                }

        return values;
    }

    private static int[] Pair(int m) => m == 0 ? [0] : [-m, m];

    /// <summary>
    /// Element (complex m, real r) of the change of basis of degree l. The factor (-i)^l makes the tensors of real irreps real.
    /// </summary>
    private static Complex ToReal(int l, int m, int r)
    {
        Complex phase = (l % 4) switch { 0 => Complex.One, 1 => -Complex.ImaginaryOne, 2 => -Complex.One, _ => Complex.ImaginaryOne };
        if (m == 0)
            return phase;
        double sign = m > 0 && m % 2 != 0 ? -1 : 1;
        Complex element = r > 0 ? sign : (m > 0 ? sign : -1) * Complex.ImaginaryOne;
        return phase * element * Math.Sqrt(0.5);
    }

    /// <summary>&lt;l1 m1 l2 m2 | l3 m1+m2&gt; by Racah's formula.</summary>
    private static double ClebschGordan(int l1, int m1, int l2, int m2, int l3)
    {
        int m3 = m1 + m2;
        double sum = 0;
        for (int k = Math.Max(0, Math.Max(l2 - l3 - m1, l1 - l3 + m2)); k <= Math.Min(l1 + l2 - l3, Math.Min(l1 - m1, l2 + m2)); k++)
            sum += (k % 2 == 0 ? 1 : -1) / (Factorial(k) * Factorial(l1 + l2 - l3 - k) * Factorial(l1 - m1 - k) * Factorial(l2 + m2 - k)
                * Factorial(l3 - l2 + m1 + k) * Factorial(l3 - l1 - m2 + k));
        double triangle = Factorial(l1 + l2 - l3) * Factorial(l1 - l2 + l3) * Factorial(-l1 + l2 + l3) / Factorial(l1 + l2 + l3 + 1);
        double projections = Factorial(l1 + m1) * Factorial(l1 - m1) * Factorial(l2 + m2) * Factorial(l2 - m2)
            * Factorial(l3 + m3) * Factorial(l3 - m3);
        return sum * Math.Sqrt((2 * l3 + 1) * triangle * projections);
    }

    private static double Factorial(int n)
    {
        double product = 1;
        for (int k = 2; k <= n; k++)
            product *= k;
        return product;
    }
}
