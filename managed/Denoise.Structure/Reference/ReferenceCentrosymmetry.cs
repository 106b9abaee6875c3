using Denoise.Atoms;
using Denoise.Neighbors;
using Denoise.Neighbors.Reference;

namespace Denoise.Structure.Reference;

/// <summary>
/// Centrosymmetry parameter by trying everything, double precision: written for clarity, the oracle of
/// <see cref="Centrosymmetry.CentrosymmetryAnalysis"/>, whose summary holds the formulas.
/// </summary>
public static class ReferenceCentrosymmetry
{
    /// <summary>Of one owned atom, Å^2; neighbors at <paramref name="range"/> or further are absent.</summary>
    public static double Of(ParticleView particles, int atom, int neighbors, bool isMatching, double range)
    {
        List<ReferenceNeighbors.Neighbor> nearest = ReferenceNeighbors.Nearest(particles, atom, int.MaxValue, range);
        int chosen = Math.Min(neighbors, nearest.Count), pairs = chosen / 2;
        if (pairs == 0)
            return 0;
        double last = nearest[chosen - 1].DistanceSquared;
        bool IsTied(ReferenceNeighbors.Neighbor neighbor) => Math.Abs(neighbor.DistanceSquared - last) <= 1e-10 * last;
        Vec3[] sure = [.. nearest.Take(chosen).Where(n => !IsTied(n)).Select(n => n.Vector)];
        Vec3[] tied = [.. nearest.Where(IsTied).Select(n => n.Vector)];
        // An odd number of neighbors can only be all there are: any one may be left over.
        if (isMatching && chosen % 2 == 1)
            return Enumerable.Range(0, chosen).Min(k => Matching([.. sure.Concat(tied).Where((_, index) => index != k)]));
        return Subsets(tied, chosen - sure.Length).Min(subset => Value([.. sure, .. subset]));

        double Value(Vec3[] vectors) => isMatching ? Matching(vectors) : Greedy(vectors, pairs);
    }

    /// <summary>The sum of the smallest weights of all pairs.</summary>
    private static double Greedy(Vec3[] vectors, int pairs) =>
        (from i in Enumerable.Range(0, vectors.Length) from j in Enumerable.Range(0, i) select Weight(vectors[i], vectors[j]))
        .Order().Take(pairs).Sum();

    /// <summary>The least sum of weights over all ways to pair all vectors.</summary>
    private static double Matching(Vec3[] vectors) => vectors.Length == 0
        ? 0
        : Enumerable.Range(1, vectors.Length - 1).Min(
            j => Weight(vectors[0], vectors[j]) + Matching([.. vectors[1..j], .. vectors[(j + 1)..]]));

    private static IEnumerable<Vec3[]> Subsets(Vec3[] from, int count)
    {
        if (count == 0)
            return [[]];
        return from.Length < count
            ? []
            : Subsets(from[1..], count - 1).Select(rest => (Vec3[])[from[0], .. rest]).Concat(Subsets(from[1..], count));
    }

    private static double Weight(Vec3 a, Vec3 b) => Vec3.Dot(a + b, a + b);
}
