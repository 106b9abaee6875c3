using System.Globalization;

namespace Denoise.Cli.Plot;

/// <summary>An axis: which part of it a value lies at, and where its ticks are.</summary>
internal sealed class PlotAxis
{
    private readonly double _low;
    private readonly double _high;

    /// <param name="values">that are to be on it; those that are no numbers are not</param>
    /// <param name="isLogarithmic">then what is not above 0 is not on it</param>
    /// <param name="isPadded">whether it goes beyond the values a little</param>
    public PlotAxis(IEnumerable<double> values, bool isLogarithmic, bool isPadded)
    {
        IsLogarithmic = isLogarithmic;
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (double value in values)
            if (IsOn(value))
                (low, high) = (Math.Min(low, Map(value)), Math.Max(high, Map(value)));
        IsEmpty = low > high;
        if (IsEmpty)
            (low, high) = (0, 1);
        // A flat line is in the middle.
        double size = Math.Max(Math.Abs(low), Math.Abs(high));
        double pad = high - low > 1e-9 * size ? (isPadded ? 0.04 * (high - low) : 0) : size > 0 ? 0.1 * size : 1;
        (_low, _high) = (low - pad, high + pad);
    }

    public bool IsLogarithmic { get; }

    /// <summary>Whether no value was on it.</summary>
    public bool IsEmpty { get; }

    public bool IsOn(double value) => double.IsFinite(value) && (!IsLogarithmic || value > 0);

    /// <summary>From 0 at its beginning to 1 at its end, of a value that is on it.</summary>
    public double At(double value) => (Map(value) - _low) / (_high - _low);

    /// <summary>1, 2 or 5 times a power of ten apart; on a logarithmic axis powers of ten.</summary>
    /// <param name="most">that there is room for</param>
    public IReadOnlyList<(double Value, string Text)> Ticks(int most)
    {
        double step = Step((_high - _low) / Math.Max(1, most));
        if (IsLogarithmic)
            step = Math.Max(1, Math.Ceiling(step));
        List<(double, string)> ticks = [];
        // Whole multiples: sums of steps would drift, and of a step that is too small for the numbers there would be no end.
        double first = Math.Ceiling(_low / step - 1e-9);
        for (int k = 0; k <= most && first + k <= _high / step + 1e-9; k++)
        {
            double at = (first + k) * step, value = IsLogarithmic ? Math.Pow(10, at) : at;
            ticks.Add((value, Text(value, step)));
        }

        return ticks;
    }

    private static double Step(double least)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        double factor = least / power;
        return power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
    }

    private string Text(double value, double step)
    {
        if (IsLogarithmic || Math.Abs(value) >= 1e6 || (value != 0 && Math.Abs(value) < 1e-3))
            return value.ToString("0.###e0", CultureInfo.InvariantCulture);
        int digits = Math.Clamp((int)-Math.Floor(Math.Log10(step) + 1e-9), 0, 9);
        return value.ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    private double Map(double value) => IsLogarithmic ? Math.Log10(value) : value;
}
