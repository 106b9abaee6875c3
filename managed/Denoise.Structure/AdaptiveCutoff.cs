namespace Denoise.Structure;

/// <summary>
/// Bond lengths of adaptive common neighbor analysis from sorted squared distances; the formulas are at
/// <see cref="AdaptiveCommonNeighborAnalysis"/>. Sums run from the nearest outward, so that equal distances in another order give
/// the same bits.
/// </summary>
internal static unsafe class AdaptiveCutoff
{
    /// <summary>Halfway between the first and the second shell, in units of the first: (1 + √2)/2.</summary>
    private const double Halfway = 1.2071067811865475244;

    /// <summary>Second over first neighbor distance in bcc: 2/√3.</summary>
    private const double ShellRatio = 1.1547005383792515290;

    public static double ClosePacked(double* squares)
    {
        double sum = 0;
        for (int k = 0; k < 12; k++)
            sum += Math.Sqrt(squares[k]);
        return Halfway / 12 * sum;
    }

    public static double BodyCentered(double* squares)
    {
        double first = 0, second = 0;
        for (int k = 0; k < 8; k++)
            first += Math.Sqrt(squares[k]);
        for (int k = 8; k < 14; k++)
            second += Math.Sqrt(squares[k]);
        return Halfway / 14 * (ShellRatio * first + second);
    }
}
