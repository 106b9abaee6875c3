using System.Numerics;

namespace Denoise.Networks.Engines.Reference;

/// <summary>The one inner loop of the reference engine that is worth vector instructions.</summary>
public static class RowMath
{
    /// <summary>y += a x, with single-precision x (weights) widened to double.</summary>
    public static void MultiplyAdd(double a, ReadOnlySpan<float> x, Span<double> y)
    {
        if (x.Length > y.Length)
            throw new ArgumentException($"{x.Length} weights for a row of {y.Length}", nameof(x));
        int i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(x[i..]), out Vector<double> low, out Vector<double> high);
            Span<double> yLow = y[i..], yHigh = y[(i + Vector<double>.Count)..];
            (new Vector<double>(yLow) + a * low).CopyTo(yLow);
            (new Vector<double>(yHigh) + a * high).CopyTo(yHigh);
        }

        for (; i < x.Length; i++)
            y[i] += a * x[i];
    }
}
