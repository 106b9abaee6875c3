namespace Denoise.Cli.Plot;

/// <summary>A line of a plot.</summary>
/// <param name="Name">in the legend</param>
/// <param name="X">ascending</param>
/// <param name="Y">NaN: a gap</param>
/// <param name="Color">red, green, blue</param>
/// <param name="IsDashed">of before denoising</param>
internal sealed record PlotSeries(string Name, double[] X, double[] Y, (byte R, byte G, byte B) Color, bool IsDashed)
{
    private const int Most = 4000;

    /// <summary>
    /// The same line with few points: of equal parts of the axis the first, the lowest, the highest and the last. What a picture shows of
    /// them is the same.
    /// </summary>
    public PlotSeries Thinned()
    {
        if (X.Length <= Most)
            return this;
        List<int> kept = [];
        double part = (X[^1] - X[0]) / (Most / 4);
        for (int start = 0; start < X.Length;)
        {
            int end = start, low = start, high = start;
            double limit = X[0] + part * (Math.Floor((X[start] - X[0]) / part) + 1);
            for (; end < X.Length && (X[end] < limit || end == start); end++)
            {
                low = !(Y[low] <= Y[end]) ? end : low;
                high = !(Y[high] >= Y[end]) ? end : high;
            }

            kept.AddRange(new[] { start, low, high, end - 1 }.Distinct().Order());
            start = end;
        }

        return this with { X = [.. kept.Select(k => X[k])], Y = [.. kept.Select(k => Y[k])] };
    }
}
