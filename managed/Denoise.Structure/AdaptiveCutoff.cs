using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Denoise.Structure;

/// <summary>
/// Bond lengths of adaptive common neighbor analysis from sorted squared distances; the formulas are at
/// <see cref="AdaptiveCommonNeighborAnalysis"/>. Four sums run side by side through the sorted distances, so that equal distances in
/// another order give the same bits.
/// </summary>
internal static unsafe class AdaptiveCutoff
{
    /// <summary>Halfway between the first and the second shell, in units of the first: (1 + √2)/2.</summary>
    private const double Halfway = 1.2071067811865475244;

    /// <summary>Second over first neighbor distance in bcc: 2/√3.</summary>
    private const double ShellRatio = 1.1547005383792515290;

    public static double ClosePacked(double* squares)
    {
        Vector256<double> sum = Distances(squares) + Distances(squares + 4) + Distances(squares + 8);
        return Halfway / 12 * Vector256.Sum(sum);
    }

    public static double BodyCentered(double* squares)
    {
        Vector256<double> first = Distances(squares) + Distances(squares + 4);
        Vector256<double> second = Distances(squares + 8) + Vector256.Create(Distances(squares + 12).GetLower(), Vector128<double>.Zero);
        return Halfway / 14 * Vector256.Sum(Vector256.Create(ShellRatio) * first + second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Distances(double* squares) => Vector256.Sqrt(Vector256.Load(squares));
}
