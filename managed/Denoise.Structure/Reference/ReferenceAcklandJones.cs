using Denoise.Atoms;
using Denoise.Neighbors;
using Denoise.Neighbors.Reference;

namespace Denoise.Structure.Reference;

/// <summary>Bond-angle analysis one angle at a time, all pairs, double precision: the oracle of <see cref="AcklandJones"/>.</summary>
public static class ReferenceAcklandJones
{
    /// <summary>Type of one owned atom; neighbors at <paramref name="range"/> or further are absent.</summary>
    public static StructureType Of(ParticleView particles, int atom, double range)
    {
        List<ReferenceNeighbors.Neighbor> nearest = ReferenceNeighbors.Nearest(particles, atom, int.MaxValue, range);
        if (nearest.Count < 6)
            return StructureType.Other;
        double unit = nearest.Take(6).Average(n => n.DistanceSquared);
        Vec3[] inner = [.. nearest.Where(n => n.DistanceSquared < 1.45 * unit).Select(n => n.Vector)];
        int outer = nearest.Count(n => n.DistanceSquared < 1.55 * unit);
        double[] cosines = [.. from i in Enumerable.Range(0, inner.Length)
                               from j in Enumerable.Range(0, i)
                               select Vec3.Dot(inner[i], inner[j]) / (inner[i].Length * inner[j].Length)];
        int In(double from, double below) => cosines.Count(c => c >= from && c < below);
        int chi0 = In(-2, -0.945), chi1 = In(-0.945, -0.915), chi2 = In(-0.915, -0.755), chi3 = In(-0.755, -0.195);
        int chi4 = In(-0.195, 0.195), chi5 = In(0.195, 0.245), chi6 = In(0.245, 0.795), chi7 = In(0.795, 2);

        double bcc = 0.35 * chi4 / (chi5 + chi6 - chi4);
        double closePacked = Math.Abs(1 - chi6 / 24.0);
        double fcc = 0.61 * (Math.Abs(chi0 + chi1 - 6) + chi2) / 6;
        double hcp = (Math.Abs(chi0 - 3) + Math.Abs(chi0 + chi1 + chi2 + chi3 - 9)) / 12.0;
        if (chi0 == 7)
            bcc = 0;
        else if (chi0 == 6)
            fcc = 0;
        else if (chi0 <= 3)
            hcp = 0;

        if (chi7 > 0 || outer < 11)
            return StructureType.Other;
        if (chi4 < 3)
            return outer > 13 ? StructureType.Other : StructureType.Icosahedral;
        if (bcc <= closePacked)
            return StructureType.Bcc;
        if (outer > 12)
            return StructureType.Other;
        return fcc < hcp ? StructureType.Fcc : StructureType.Hcp;
    }
}
