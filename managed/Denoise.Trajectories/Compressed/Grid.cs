using System.Runtime.CompilerServices;

namespace Denoise.Trajectories.Compressed;

/// <summary>How a real becomes a whole number and comes back.</summary>
/// <param name="Kind">which way</param>
/// <param name="Scale">the step, or the power of ten</param>
internal readonly record struct Grid(GridKind Kind, double Scale)
{
    /// <summary>Whole numbers on the way through a double stay below.</summary>
    public const double Largest = 1L << 50;

    private const int MostDecimals = 12;

    // Added to a real below 2^51 it leaves the nearest whole number, ties to even, in the low bits.
    private const double Magic = 6755399441055744;

    public static Grid Bits { get; } = new(GridKind.Bits, 1);

    /// <summary>By which a real is multiplied.</summary>
    public double Factor => Kind == GridKind.Step ? 1 / Scale : Scale;

    public static Grid OfBound(double bound) => new(GridKind.Step, 2 * bound * (1 - 1e-6));

    /// <summary>The fewest decimals that all values have, bit for bit; else their bits.</summary>
    public static Grid Lossless(ReadOnlySpan<double> values)
    {
        double scale = 1;
        for (int decimals = 0; decimals <= MostDecimals; decimals++, scale *= 10)
        {
            Grid grid = new(GridKind.Decimals, scale);
            int k = 0;
            while (k < values.Length && Math.Abs(values[k] * scale) < Largest &&
                BitConverter.DoubleToInt64Bits(grid.Real(grid.Whole(values[k]))) == BitConverter.DoubleToInt64Bits(values[k]))
                k++;
            if (k == values.Length)
                return grid;
        }

        return Bits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Whole(double value) => Kind == GridKind.Bits
        ? Ordered(BitConverter.DoubleToInt64Bits(value))
        : BitConverter.DoubleToInt64Bits(value * Factor + Magic) - BitConverter.DoubleToInt64Bits(Magic);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Real(long whole)
    {
        if (Kind == GridKind.Bits)
            return BitConverter.Int64BitsToDouble(Ordered(whole));
        double near = BitConverter.Int64BitsToDouble(whole + BitConverter.DoubleToInt64Bits(Magic)) - Magic;
        return Kind == GridKind.Step ? near * Scale : near / Scale;
    }

    /// <summary>Bits of a double as a number that grows with it; its own inverse.</summary>
    private static long Ordered(long bits) => bits ^ (bits >> 63 & long.MaxValue);
}
