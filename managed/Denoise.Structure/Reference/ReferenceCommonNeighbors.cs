using Denoise.Atoms;
using Denoise.Neighbors;
using Denoise.Neighbors.Reference;

namespace Denoise.Structure.Reference;

/// <summary>
/// Common neighbor analysis with sets and graphs, all pairs, double precision: written for clarity, the oracle of the fast
/// identifiers, whose summaries hold the formulas.
/// </summary>
public static class ReferenceCommonNeighbors
{
    /// <summary>Adaptive analysis of one owned atom; neighbors at <paramref name="range"/> or further are absent.</summary>
    public static StructureType Adaptive(ParticleView particles, int atom, double range)
    {
        List<ReferenceNeighbors.Neighbor> nearest = ReferenceNeighbors.Nearest(particles, atom, 15, range);
        if (EndsAt(nearest, 12))
        {
            double mean = nearest.Take(12).Average(Distance);
            StructureType type = Classify(nearest.Take(12), (1 + Math.Sqrt(2)) / 2 * mean);
            if (type != StructureType.Other)
                return type;
        }

        if (EndsAt(nearest, 14))
        {
            double edge = (nearest.Take(8).Sum(Distance) * 2 / Math.Sqrt(3) + nearest.Skip(8).Take(6).Sum(Distance)) / 14;
            return Classify(nearest.Take(14), (1 + Math.Sqrt(2)) / 2 * edge);
        }

        return StructureType.Other;
    }

    /// <summary>Interval analysis of one owned atom: bonds are added one by one, and every interval between two is classified.</summary>
    public static StructureType Interval(ParticleView particles, int atom, double range)
    {
        List<ReferenceNeighbors.Neighbor> nearest = ReferenceNeighbors.Nearest(particles, atom, 15, range);
        (StructureType best, double widest) = (StructureType.Other, 0);
        foreach (int count in (int[])[12, 14])
        {
            if (!EndsAt(nearest, count))
                continue;
            ReferenceNeighbors.Neighbor[] shell = [.. nearest.Take(count)];
            double unit = count == 12
                ? shell.Average(Distance)
                : (shell.Take(8).Sum(Distance) * 2 / Math.Sqrt(3) + shell.Skip(8).Sum(Distance)) / 14;
            var lengths = (from a in shell from b in shell where a != b select (a.Vector - b.Vector).Length).Order().ToList();
            lengths.Add(double.PositiveInfinity);
            for (int k = 0; k < lengths.Count - 1 && lengths[k] < (1 + 2 * Math.Sqrt(2)) / 3 * unit; k++)
            {
                if (!(lengths[k + 1] - lengths[k] > widest))
                    continue;
                StructureType type = Classify(shell, Math.Min(0.5 * (lengths[k] + lengths[k + 1]), 2 * lengths[k]));
                if (type != StructureType.Other)
                    (best, widest) = (type, lengths[k + 1] - lengths[k]);
            }
        }

        return best;
    }

    /// <summary>Analysis of one owned atom with a fixed cutoff.</summary>
    public static StructureType Fixed(ParticleView particles, int atom, double cutoff) =>
        Classify(ReferenceNeighbors.Within(particles, atom, cutoff), cutoff);

    /// <summary>The type of an atom with these neighbors where two closer than the cutoff are bonded.</summary>
    public static StructureType Classify(IEnumerable<ReferenceNeighbors.Neighbor> neighbors, double cutoff)
    {
        ReferenceNeighbors.Neighbor[] shell = [.. neighbors];
        var signatures = shell.Select((_, a) => Signature(shell, a, cutoff)).ToList();
        int Count(int common, int bonds, int cluster) => signatures.Count(s => s == (common, bonds, cluster));

        return shell.Length switch
        {
            12 when Count(4, 2, 1) == 12 => StructureType.Fcc,
            12 when Count(4, 2, 1) == 6 && Count(4, 2, 2) == 6 => StructureType.Hcp,
            12 when Count(5, 5, 5) == 12 => StructureType.Icosahedral,
            14 when Count(6, 6, 6) == 8 && Count(4, 4, 4) == 6 => StructureType.Bcc,
            _ => StructureType.Other,
        };
    }

    /// <summary>Common neighbors of the central atom and neighbor a; bonds among them; bonds in their largest cluster.</summary>
    public static (int Common, int Bonds, int Cluster) Signature(ReferenceNeighbors.Neighbor[] shell, int a, double cutoff)
    {
        bool Bonded(int i, int j)
        {
            Vec3 d = shell[j].Vector - shell[i].Vector;
            return d.X * d.X + d.Y * d.Y + d.Z * d.Z < cutoff * cutoff;
        }

        List<int> common = [.. Enumerable.Range(0, shell.Length).Where(b => b != a && Bonded(a, b))];
        List<(int, int)> bonds = [.. from i in common from j in common where i < j && Bonded(i, j) select (i, j)];

        int largest = 0;
        var left = new HashSet<(int, int)>(bonds);
        while (left.Count > 0)
        {
            (int, int) first = left.First();
            var members = new HashSet<int> { first.Item1, first.Item2 };
            int before = left.Count;
            while (left.RemoveWhere(Touches) > 0)
            {
            }

            bool Touches((int I, int J) bond)
            {
                bool touches = members.Contains(bond.I) || members.Contains(bond.J);
                if (touches)
                    members.UnionWith([bond.I, bond.J]);
                return touches;
            }

            largest = Math.Max(largest, before - left.Count);
        }

        return (common.Count, bonds.Count, largest);
    }

    private static bool EndsAt(List<ReferenceNeighbors.Neighbor> nearest, int count) => nearest.Count >= count
        && (nearest.Count == count
            || nearest[count].DistanceSquared > nearest[count - 1].DistanceSquared * (1 + AdaptiveCommonNeighborAnalysis.TieTolerance));

    private static double Distance(ReferenceNeighbors.Neighbor neighbor) => Math.Sqrt(neighbor.DistanceSquared);
}
