using Denoise.Atoms;

namespace Denoise.Neighbors.Cells;

/// <summary>Axis-aligned bounding box; coordinates that are not numbers do not count.</summary>
public readonly record struct Bounds(Vec3 Min, Vec3 Max)
{
    public static Bounds None { get; } = new(
        new(double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity),
        new(double.NegativeInfinity, double.NegativeInfinity, double.NegativeInfinity));

    /// <summary>The same with a point at 0 along every direction that holds nothing.</summary>
    public Bounds OrZero() => new(
        new(Min.X <= Max.X ? Min.X : 0, Min.Y <= Max.Y ? Min.Y : 0, Min.Z <= Max.Z ? Min.Z : 0),
        new(Min.X <= Max.X ? Max.X : 0, Min.Y <= Max.Y ? Max.Y : 0, Min.Z <= Max.Z ? Max.Z : 0));

    public static unsafe Bounds Of(double* positions, int begin, int end)
    {
        double x0 = double.PositiveInfinity, y0 = x0, z0 = x0, x1 = double.NegativeInfinity, y1 = x1, z1 = x1;
        double* r = positions + 3L * begin;
        for (int i = begin; i < end; i++, r += 3)
        {
            // Comparisons, not Math.Min: they are false for a NaN.
            double x = r[0], y = r[1], z = r[2];
            x0 = x < x0 ? x : x0;
            y0 = y < y0 ? y : y0;
            z0 = z < z0 ? z : z0;
            x1 = x > x1 ? x : x1;
            y1 = y > y1 ? y : y1;
            z1 = z > z1 ? z : z1;
        }

        return new(new(x0, y0, z0), new(x1, y1, z1));
    }

    public Bounds Union(in Bounds other) => new(
        new(Math.Min(Min.X, other.Min.X), Math.Min(Min.Y, other.Min.Y), Math.Min(Min.Z, other.Min.Z)),
        new(Math.Max(Max.X, other.Max.X), Math.Max(Max.Y, other.Max.Y), Math.Max(Max.Z, other.Max.Z)));
}
