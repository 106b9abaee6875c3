using Denoise.Atoms;

namespace Denoise.Trajectories.Cif;

/// <summary>Edge vectors from lengths and angles: a along x, b in the xy plane, c upwards.</summary>
internal static class CifCell
{
    // In Å. A crystal has no edge beyond these, and what is computed of them stays a number.
    private const double ShortestEdge = 1e-3, LongestEdge = 1e6;

    /// <param name="a">lengths in Å</param>
    /// <param name="b">lengths in Å</param>
    /// <param name="c">lengths in Å</param>
    /// <param name="alpha">between b and c, degrees</param>
    /// <param name="beta">between a and c, degrees</param>
    /// <param name="gamma">between a and b, degrees</param>
    /// <returns>null where no cell has these lengths and angles</returns>
    public static Box? ToBox(double a, double b, double c, double alpha, double beta, double gamma)
    {
        var (ca, _) = CosSin(alpha);
        var (cb, _) = CosSin(beta);
        var (cg, sg) = CosSin(gamma);
        double cy = (ca - cb * cg) / sg;
        double height = 1 - cb * cb - cy * cy;
        if (!(IsEdge(a) && IsEdge(b) && IsEdge(c) && sg > 0 && height > 0))
            return null;
        return new Box(new(a, 0, 0), new(b * cg, b * sg, 0), new(c * cb, c * cy, c * Math.Sqrt(height)), default, true, true, true);
    }

    private static bool IsEdge(double length) => length is >= ShortestEdge and <= LongestEdge;

    /// <summary>Exact for the angles of crystals, so that an orthogonal cell comes out as one.</summary>
    private static (double Cos, double Sin) CosSin(double degrees) => degrees switch
    {
        90 => (0, 1),
        60 => (0.5, Math.Sqrt(0.75)),
        120 => (-0.5, Math.Sqrt(0.75)),
        _ => (Math.Cos(degrees * Math.PI / 180), Math.Sin(degrees * Math.PI / 180)),
    };
}
