using Denoise.Atoms;
using Denoise.Neighbors.Reference;
using Denoise.Structure.Water;

namespace Denoise.Structure.Reference;

/// <summary>
/// CHILL+ without spherical harmonics: by their addition theorem, sum_m q_m(i) q_m(j)* is, but for a factor, the sum of P_3(cos) over
/// the angles between all bonds of i and all bonds of j. All pairs of a periodic box, double precision: the oracle of
/// <see cref="ChillPlusAnalysis"/>.
/// </summary>
public static class ReferenceChillPlus
{
    /// <summary>Types of all atoms.</summary>
    public static WaterType[] Of(Vec3[] positions, Box box, double cutoff)
    {
        List<ReferenceNeighbors.Neighbor>[] bonds = [.. positions.Select((_, i) => ReferenceNeighbors.Within(positions, box, i, cutoff))];
        return [.. bonds.Select(own => Name(own, [.. own.Select(n => Correlation(own, bonds[n.Index]))]))];
    }

    private static WaterType Name(List<ReferenceNeighbors.Neighbor> bonds, double[] correlations)
    {
        int staggered = correlations.Count(c => c < -0.8), eclipsed = correlations.Count(c => c > -0.35 && c < 0.25);
        if (bonds.Count != 4)
            return WaterType.Other;
        if (eclipsed == 4)
            return WaterType.Hydrate;
        if (eclipsed == 3)
            return WaterType.InterfacialHydrate;
        if (staggered == 4)
            return WaterType.CubicIce;
        if (staggered == 3 && eclipsed == 1)
            return WaterType.HexagonalIce;
        return staggered >= 2 ? WaterType.InterfacialIce : WaterType.Other;
    }

    private static double Correlation(List<ReferenceNeighbors.Neighbor> a, List<ReferenceNeighbors.Neighbor> b) =>
        Product(a, b) / Math.Sqrt(Product(a, a) * Product(b, b));

    private static double Product(List<ReferenceNeighbors.Neighbor> a, List<ReferenceNeighbors.Neighbor> b) =>
        (from first in a
         from second in b
         select Legendre(Vec3.Dot(first.Vector, second.Vector) / (first.Vector.Length * second.Vector.Length)))
        .Sum();

    private static double Legendre(double cosine) => 0.5 * cosine * (5 * cosine * cosine - 3);
}
