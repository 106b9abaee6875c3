namespace Denoise.Structure.Soap;

/// <summary>
/// The threshold of a reference from the gap between the distances of atoms that have one of its structures, and of those that have none:
/// where, between the middles of the two groups, the fewest distances are within 10% either way, as a histogram over their logarithm
/// shows it, at the far end: a crystal has stragglers beyond its others, and what is no crystal begins all at once, because what is near one
/// is denoised into it. The groups are those of least variance of the logarithm (Otsu, IEEE Trans. Syst. Man Cybern. 9, 62, 1979).
/// </summary>
public static class DistanceGap
{
    /// <summary>Either way, of the logarithm.</summary>
    public const double Window = 0.1;

    /// <summary>Of the atoms, the least in a group.</summary>
    public const double LeastShare = 0.01;

    /// <summary>Of the density in the middle of either group, the most in a gap.</summary>
    public const double MostDensity = 0.1;

    // In windows.
    private const double Step = 0.05;

    /// <returns>the threshold; where the gap is empty 10% nearer than the nearest that has none. NaN where there is no gap</returns>
    /// <param name="distances">of atoms that are named, above 0</param>
    public static double Find(IReadOnlyList<double> distances)
    {
        double[] logs = [.. distances.Select(distance => Math.Log(distance)).Order()];
        int near = Near(logs);
        if (near < Math.Max(1, LeastShare * logs.Length) || logs.Length - near < Math.Max(1, LeastShare * logs.Length))
            return double.NaN;
        double from = logs[near / 2], to = logs[(near + logs.Length) / 2];
        int fewest = int.MaxValue;
        (double Begin, double End) run = default, best = default;
        for (double at = from + Window; at <= to - Window; at += Step * Window)
        {
            int count = Within(logs, at);
            run = count == Within(logs, run.End) && at > from + Window ? (run.Begin, at) : (at, at);
            if (count < fewest || (count == fewest && run.End - run.Begin > best.End - best.Begin))
                (fewest, best) = (count, run);
        }

        return fewest <= MostDensity * Math.Min(Within(logs, from), Within(logs, to))
            ? Math.Exp(best.End)
            : double.NaN;
    }

    /// <summary>How many are in the nearer of the two groups.</summary>
    private static int Near(double[] sorted)
    {
        double all = sorted.Sum(), sum = 0, most = 0;
        int best = 0;
        for (int k = 1; k < sorted.Length; k++)
        {
            sum += sorted[k - 1];
            double apart = (all - sum) / (sorted.Length - k) - sum / k, between = apart * apart * k * (sorted.Length - k);
            if (between > most)
                (most, best) = (between, k);
        }

        return best;
    }

    private static int Within(double[] sorted, double at) => Below(sorted, at + Window) - Below(sorted, at - Window);

    private static int Below(double[] sorted, double value)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = sorted[middle] < value ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
