using Denoise.Atoms;
using Denoise.Neighbors.Reference;
using Denoise.Structure.Diamond;

namespace Denoise.Structure.Reference;

/// <summary>
/// Identification of diamond in a periodic box, all pairs, double precision: the oracle of <see cref="DiamondAnalysis"/>, whose summary
/// holds the rules.
/// </summary>
public static class ReferenceDiamond
{
    /// <summary>Types of all atoms; neighbors at <paramref name="range"/> or further are absent.</summary>
    public static DiamondType[] Of(Vec3[] positions, Box box, double range)
    {
        List<ReferenceNeighbors.Neighbor>[] within = [.. positions.Select((_, i) => ReferenceNeighbors.Within(positions, box, i, range)
            .OrderBy(n => n.DistanceSquared).ToList())];
        bool[] isWhole = [.. within.Select(n =>
            n.Count >= 4 && (n.Count == 4 || n[4].DistanceSquared > n[3].DistanceSquared * (1 + 1e-10)))];
        var types = positions.Select((_, i) => Crystalline(within, isWhole, i)).ToArray();
        for (int step = 0; step < 2; step++)
        {
            DiamondType[] former = [.. types];
            for (int a = 0; a < types.Length; a++)
            {
                if (former[a] != DiamondType.Cubic + step && former[a] != DiamondType.Hexagonal + step)
                    continue;
                double reach = within[a].Take(4).Last().DistanceSquared * (1 + 1e-10);
                foreach (int b in within[a].Where(n => n.DistanceSquared <= reach).Select(n => n.Index))
                    if (former[b] == DiamondType.Other && (types[b] == DiamondType.Other || types[b] > former[a] + 1))
                        types[b] = former[a] + 1;
            }
        }

        return types;
    }

    private static DiamondType Crystalline(List<ReferenceNeighbors.Neighbor>[] within, bool[] isWhole, int atom)
    {
        if (!isWhole[atom] || within[atom].Take(4).Any(n => !isWhole[n.Index]))
            return DiamondType.Other;
        ReferenceNeighbors.Neighbor[] second = [.. within[atom].Take(4)
            .SelectMany(first => within[first.Index].Take(4).Select(n => n with { Vector = first.Vector + n.Vector }))
            .Where(n => n.Vector.Length > 1e-8)];
        if (second.Length != 12)
            return DiamondType.Other;
        double cutoff = (1 + Math.Sqrt(2)) / 2 * second.Average(n => n.Vector.Length);
        return ReferenceCommonNeighbors.Classify(second, cutoff) switch
        {
            StructureType.Fcc => DiamondType.Cubic,
            StructureType.Hcp => DiamondType.Hexagonal,
            _ => DiamondType.Other,
        };
    }
}
