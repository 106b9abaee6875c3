namespace Denoise.Neighbors.Cells;

/// <summary>
/// What single precision can say about "closer than a radius". Coordinates relative to the grid's center are rounded by at most
/// u = 2^-24 of their size; with an atom within the window, |coordinate| &lt;= M, and its neighbor within M + r, the squared
/// distance is off by at most 2 √3 r (2 u (M + r)) + O(u r^2). The band is wider than that: below it a pair is certainly
/// inside, above it certainly outside, and between the two double precision decides.
/// </summary>
internal readonly struct SinglePrecisionTest
{
    private const double UnitRoundoff = 1.0 / (1 << 24);

    public SinglePrecisionTest(double radius, double reach)
    {
        double square = radius * radius, band = 10 * UnitRoundoff * radius * (reach + 4 * radius);
        // Where the band is wide (a huge window) or single precision runs out of exponent, it is of no use.
        IsUsable = radius > 1e-15 && reach < 1e15 && band < 0.02 * square;
        Inside = (float)(square - band);
        Outside = (float)(square + band);
    }

    public bool IsUsable { get; }

    /// <summary>A smaller squared distance is certainly below the radius.</summary>
    public float Inside { get; }

    /// <summary>A larger squared distance is certainly above the radius.</summary>
    public float Outside { get; }
}
