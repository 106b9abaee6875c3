using System.Runtime.Intrinsics;

namespace Denoise.Structure;

/// <summary>
/// Bond lengths of adaptive common neighbor analysis from sorted distances; the formulas are at
/// <see cref="AdaptiveCommonNeighborAnalysis"/>. Four sums run side by side through the sorted distances, so that equal distances in
/// another order give the same bits.
/// </summary>
internal static unsafe class AdaptiveCutoff
{
    /// <summary>Halfway between the first and the second shell, in units of the first: (1 + √2)/2.</summary>
    private const double Halfway = 1.2071067811865475244;

    /// <summary>Second over first neighbor distance in bcc: 2/√3.</summary>
    private const double ShellRatio = 1.1547005383792515290;

    /// <summary>Two thirds of the way instead, 1/3 + 2/3 √2, over halfway.</summary>
    private const double TwoThirdsOverHalfway = 1.2761423749153967 / Halfway;

    /// <summary>Square roots of the first 16.</summary>
    public static void Distances(double* squares, double* distances)
    {
        for (int k = 0; k < 16; k += 4)
            Vector256.Sqrt(Vector256.Load(squares + k)).Store(distances + k);
    }

    /// <summary>Where the intervals of <see cref="IntervalCommonNeighborAnalysis"/> begin at the latest.</summary>
    public static double LimitOfTwelve(double* distances) => TwoThirdsOverHalfway * ClosePacked(distances);

    /// <summary>The same of fourteen neighbors.</summary>
    public static double LimitOfFourteen(double* distances) => TwoThirdsOverHalfway * BodyCentered(distances);

    public static double ClosePacked(double* distances) =>
        Halfway / 12 * Vector256.Sum(Vector256.Load(distances) + Vector256.Load(distances + 4) + Vector256.Load(distances + 8));

    public static double BodyCentered(double* distances)
    {
        Vector256<double> first = Vector256.Load(distances) + Vector256.Load(distances + 4);
        Vector256<double> second = Vector256.Load(distances + 8) + Vector256.Create(Vector128.Load(distances + 12), Vector128<double>.Zero);
        return Halfway / 14 * Vector256.Sum(Vector256.Create(ShellRatio) * first + second);
    }
}
