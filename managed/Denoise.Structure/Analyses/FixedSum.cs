namespace Denoise.Structure.Analyses;

/// <summary>
/// A sum of reals that does not depend on the order of its terms, nor on how they are shared out to threads and ranks: terms are
/// rounded to a step and added as integers, high and low bits apart, so that 10^12 terms do not overflow.
/// </summary>
/// <param name="step">terms are multiples of it; below 2^61 steps each</param>
public readonly struct FixedSum(double step)
{
    private const int SplitBits = 30;

    /// <summary>Longs that a sum takes.</summary>
    public const int Length = 2;

    /// <summary>Adds a term to <paramref name="sum"/> ([<see cref="Length"/>]).</summary>
    public void Add(Span<long> sum, double term)
    {
        long steps = (long)Math.Clamp(Math.Round(term / step), -(double)(1L << 61), 1L << 61);
        sum[0] += steps & ((1L << SplitBits) - 1);
        sum[1] += steps >> SplitBits;
    }

    /// <summary>The value of a sum, or of the sum of sums.</summary>
    public double Value(ReadOnlySpan<long> sum) => (sum[1] * (double)(1L << SplitBits) + sum[0]) * step;
}
