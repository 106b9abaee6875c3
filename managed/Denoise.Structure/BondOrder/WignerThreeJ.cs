namespace Denoise.Structure.BondOrder;

/// <summary>
/// Wigner 3j symbols of three equal degrees, by Racah's formula, whose sum is exact in integers. Edmonds, Angular Momentum in
/// Quantum Mechanics (1957), section 3.7.
/// </summary>
internal static class WignerThreeJ
{
    /// <summary>The largest degree: products of three binomials fit into 64 bits.</summary>
    public const int LargestDegree = 16;

    /// <summary>(l l l; m1 m2 -m1-m2)</summary>
    public static double Equal(int l, int m1, int m2)
    {
        int m3 = -m1 - m2;
        long sum = 0;
        for (int t = 0; t <= l; t++)
            sum += Sign(t) * Binomial(l, t) * Binomial(l, t + m1) * Binomial(l, t - m2);
        double square = 1 / (Factorial(l) * Factorial(l) * Factorial(l) * Factorial(3 * l + 1));
        foreach (int m in (ReadOnlySpan<int>)[m1, m2, m3])
            square *= Factorial(l + m) * Factorial(l - m);
        return Sign(m3) * sum * Math.Sqrt(square);
    }

    private static int Sign(int power) => (power & 1) == 0 ? 1 : -1;

    private static long Binomial(int n, int k)
    {
        if (k < 0 || k > n)
            return 0;
        long binomial = 1;
        for (int i = 1; i <= k; i++)
            binomial = binomial * (n - k + i) / i;
        return binomial;
    }

    private static double Factorial(int n)
    {
        double factorial = 1;
        for (int i = 2; i <= n; i++)
            factorial *= i;
        return factorial;
    }
}
