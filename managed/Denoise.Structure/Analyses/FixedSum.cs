using System.Runtime.Intrinsics;

namespace Denoise.Structure.Analyses;

/// <summary>
/// A sum of reals that does not depend on the order of its terms, nor on how they are shared out to threads and ranks: terms are
/// rounded to a step and added as integers, high and low bits apart, so that 10^12 terms do not overflow.
/// </summary>
/// <param name="step">terms are multiples of it, a power of two; below 2^61 steps each</param>
public readonly struct FixedSum(double step)
{
    private const int SplitBits = 30;

    // Added to a whole number below 2^51, the number is in the lowest bits.
    private const double Whole = 3L << 51;
    private const double MostAtOnce = 1L << 50;

    private readonly double _perStep = 1 / step;

    /// <summary>Longs that a sum takes.</summary>
    public const int Length = 2;

    /// <summary>Adds a term to <paramref name="sum"/> ([<see cref="Length"/>]).</summary>
    public void Add(Span<long> sum, double term)
    {
        AddSteps(sum, (long)Math.Clamp(Math.Round(term * _perStep), -(double)(1L << 61), 1L << 61));
    }

    /// <summary>Adds terms that are steps already, or a sum of such.</summary>
    public static void AddSteps(Span<long> sum, long steps)
    {
        sum[0] += steps & ((1L << SplitBits) - 1);
        sum[1] += steps >> SplitBits;
    }

    /// <summary>The steps of four terms; false where one has more than 2^50, so that thousands of them might overflow.</summary>
    public bool TrySteps(Vector256<double> terms, out Vector256<long> steps)
    {
        Vector256<double> rounded = Vector256.Round(terms * _perStep), whole = Vector256.Create(Whole);
        steps = (rounded + whole).AsInt64() - whole.AsInt64();
        return Vector256.LessThanAll(Vector256.Abs(rounded), Vector256.Create(MostAtOnce));
    }

    /// <summary>The value of a sum, or of the sum of sums.</summary>
    public double Value(ReadOnlySpan<long> sum) => (sum[1] * (double)(1L << SplitBits) + sum[0]) * step;
}
