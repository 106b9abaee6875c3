using Denoise.Networks.Engines.Reference;
using Denoise.TestSupport;

namespace Denoise.Training.Tests;

/// <summary>Compares adjoints with central differences, on every value of short arrays and on a random part of long ones.</summary>
internal static class CentralDifference
{
    private const int MostValues = 60;

    /// <param name="loss">evaluates with the current values</param>
    /// <param name="values">what the loss depends on; left as it was</param>
    /// <param name="adjoint">dloss/dvalues, row-major</param>
    /// <param name="what">for the message</param>
    public static void Check(Func<double> loss, FeatureTable values, FeatureTable adjoint, string what)
    {
        double[] derivatives = adjoint.ToArray();
        foreach (int i in Sample((int)(values.RowCount * values.Width)))
        {
            ref double value = ref values.Row(i / values.Width)[i % values.Width];
            double original = value;
            value = original + Tolerance.DifferenceStep;
            double above = loss();
            value = original - Tolerance.DifferenceStep;
            double below = loss();
            value = original;
            Tolerance.AssertDerivative((above - below) / (2 * Tolerance.DifferenceStep), derivatives[i], $"{what}[{i}]");
        }
    }

    /// <summary>The same for weights in single precision: the step is what remains of it after rounding.</summary>
    public static void Check(Func<double> loss, float[] values, double[] adjoint, string what)
    {
        Assert.Equal(values.Length, adjoint.Length);
        foreach (int i in Sample(values.Length))
        {
            float original = values[i];
            float high = (float)(original + Tolerance.DifferenceStep), low = (float)(original - Tolerance.DifferenceStep);
            values[i] = high;
            double above = loss();
            values[i] = low;
            double below = loss();
            values[i] = original;
            Tolerance.AssertDerivative((above - below) / ((double)high - low), adjoint[i], $"{what}[{i}]");
        }
    }

    private static int[] Sample(int count)
    {
        int[] all = [.. Enumerable.Range(0, count)];
        new Random(count).Shuffle(all);
        return all[..Math.Min(count, MostValues)];
    }
}
