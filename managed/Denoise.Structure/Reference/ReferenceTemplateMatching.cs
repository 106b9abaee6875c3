using Denoise.Atoms;
using Denoise.Neighbors;
using Denoise.Neighbors.Reference;
using Denoise.Structure.TemplateMatching;

namespace Denoise.Structure.Reference;

/// <summary>
/// Polyhedral template matching written for clarity: Voronoi faces by cutting polygons, hulls by trying all triples, correspondences
/// by trying all assignments, rotations by diagonalizing, all in double precision. For atoms in general position, without equal
/// distances or more than three neighbors in the plane of a facet.
/// </summary>
public static class ReferenceTemplateMatching
{
    private const double Tolerance = 1e-9;
    private const int Nearest = 18;

    // Of every template, by its index.
    private static readonly Lazy<HashSet<(int, int, int)>[]> Allowed = new(() =>
        [.. StructureTemplate.All.Select(template => AllowedTriangles(template).ToHashSet())]);

    /// <summary>The template that fits best, and its deviation; null where none has the neighbors' surface.</summary>
    /// <param name="particles">owned atoms and ghosts</param>
    /// <param name="atom">owned</param>
    /// <param name="range">neighbors at this distance or further are absent</param>
    /// <param name="templates">to be compared</param>
    public static (StructureTemplate? Template, double Deviation) Match(
        ParticleView particles, int atom, double range, IEnumerable<StructureTemplate> templates)
    {
        Vec3[] around = [.. ReferenceNeighbors.Nearest(particles, atom, TemplateMatcher.WantedOfTwoShells, range).Select(n => n.Vector)];
        (StructureTemplate? Template, double Deviation) best = (null, double.PositiveInfinity);
        foreach (StructureTemplate template in templates)
        {
            Vec3[]? chosen = template.InnerCount == 0
                ? Ordered([.. around.Take(Nearest)]).Take(template.Neighbors.Count).ToArray()
                : TwoShells(around, template);
            if (chosen?.Length != template.Neighbors.Count || Surface(chosen, template) is not { } surface)
                continue;
            foreach (int[] assignment in Assignments(template, surface))
            {
                double deviation = Deviation(template, chosen, assignment);
                if (deviation < best.Deviation)
                    best = (template, deviation);
            }
        }

        return best;
    }

    /// <summary>Neighbors by the solid angles of the faces of the Voronoi cell, the largest first, then by distance.</summary>
    private static IEnumerable<Vec3> Ordered(Vec3[] neighbors) =>
        neighbors.OrderByDescending(r => SolidAngle(neighbors, r)).ThenBy(r => r.Length);

    private static double SolidAngle(Vec3[] neighbors, Vec3 neighbor)
    {
        // A large square in the bisecting plane, cut by all other planes: r · n = d.
        double size = 10 * neighbors.Max(r => r.Length), half = neighbor.Length / 2;
        Vec3 normal = neighbor * (1 / neighbor.Length);
        Vec3 side = Vec3.Cross(normal, Math.Abs(normal.X) < 0.5 ? new(1, 0, 0) : new(0, 1, 0));
        side *= 2 * size / side.Length;
        Vec3 up = Vec3.Cross(normal, side), center = normal * half;
        List<Vec3> face = [center + side + up, center - side + up, center - side - up, center + side - up];
        foreach (Vec3 other in neighbors)
            if (other != neighbor)
                face = Cut(face, other * (1 / other.Length), other.Length / 2);
        foreach (Vec3 axis in (Vec3[])[new(1, 0, 0), new(0, 1, 0), new(0, 0, 1), new(-1, 0, 0), new(0, -1, 0), new(0, 0, -1)])
            face = Cut(face, axis, size);

        double angle = 0;
        Vec3[] corners = [.. face.Select(r => r * (1 / r.Length))];
        for (int k = 2; k < corners.Length; k++)
        {
            (Vec3 a, Vec3 b, Vec3 c) = (corners[0], corners[k - 1], corners[k]);
            angle += 2 * Math.Atan2(Math.Abs(Volume(a, b, c)), 1 + Vec3.Dot(a, b) + Vec3.Dot(b, c) + Vec3.Dot(c, a));
        }

        return angle;
    }

    /// <summary>The part of a polygon with r · n at most d.</summary>
    private static List<Vec3> Cut(List<Vec3> face, Vec3 normal, double d)
    {
        var kept = new List<Vec3>();
        for (int k = 0; k < face.Count; k++)
        {
            Vec3 a = face[k], b = face[(k + 1) % face.Count];
            double heightA = Vec3.Dot(a, normal) - d, heightB = Vec3.Dot(b, normal) - d;
            if (heightA <= 0)
                kept.Add(a);
            if (heightA <= 0 != heightB <= 0)
                kept.Add(a + (b - a) * (heightA / (heightA - heightB)));
        }

        return kept;
    }

    /// <summary>Inner neighbors, then the outer ones of each, which take turns to claim by the rank of the faces they share.</summary>
    private static Vec3[]? TwoShells(Vec3[] around, StructureTemplate template)
    {
        Vec3[] inner = [.. Ordered([.. around.Take(Nearest)]).Take(template.InnerCount)];
        if (inner.Length < template.InnerCount)
            return null;
        Vec3[] everything = [.. around, default];
        Vec3[][] ranked = [.. inner.Select(center => Ordered(
            [.. everything.Where(r => r != center).Select(r => r - center).OrderBy(r => r.Length).Take(Nearest)])
            .Select(r => everything.MinBy(other => (other - center - r).Length)).ToArray())];
        List<Vec3> claimed = [default, .. inner];
        List<Vec3>[] outer = [.. inner.Select(_ => new List<Vec3>())];
        for (int rank = 0; rank < Nearest; rank++)
        {
            for (int k = 0; k < inner.Length; k++)
            {
                if (outer[k].Count == template.OuterCount || rank >= ranked[k].Length || claimed.Contains(ranked[k][rank]))
                    continue;
                claimed.Add(ranked[k][rank]);
                outer[k].Add(ranked[k][rank]);
            }
        }

        return outer.All(list => list.Count == template.OuterCount) ? [.. inner, .. outer.SelectMany(list => list)] : null;
    }

    /// <summary>The triangles that the chosen neighbors span, counterclockwise; null where they are no surface around the atom.</summary>
    private static List<int[]>? Surface(Vec3[] chosen, StructureTemplate template)
    {
        if (template.Type == StructureTemplate.Graphene)
            return [];
        List<int[]> facets = [];
        for (int a = 0; a < chosen.Length; a++)
        {
            for (int b = 0; b < chosen.Length; b++)
            {
                for (int c = 0; c < chosen.Length; c++)
                {
                    if (a < b && a < c && b != c
                        && chosen.All(r => Volume(chosen[b] - chosen[a], chosen[c] - chosen[a], r - chosen[a]) <= Tolerance))
                        facets.Add([a, b, c]);
                }
            }
        }

        if (facets.Any(f => Volume(chosen[f[0]], chosen[f[1]], chosen[f[2]]) < 0)
            || facets.Any(f => f.Count(corner => corner < template.InnerCount) > 1))
            return null;
        for (int inner = 0; inner < template.InnerCount; inner++)
        {
            int[][] over = [.. facets.Where(f => f.All(corner => Owner(template, corner) == inner))];
            if (over.Length != (facets.Any(f => f.Contains(inner)) ? 0 : 1))
                return null;
            foreach (int[] f in over)
            {
                facets.Remove(f);
                facets.AddRange([[f[0], f[1], inner], [f[1], f[2], inner], [f[2], f[0], inner]]);
            }
        }

        return facets.Count == 2 * chosen.Length - 4 && facets.SelectMany(f => f).Distinct().Count() == chosen.Length ? facets : null;
    }

    private static int Owner(StructureTemplate template, int neighbor) =>
        neighbor < template.InnerCount ? -1 : (neighbor - template.InnerCount) / template.OuterCount;

    /// <summary>
    /// Every way to give the chosen neighbors places in the template such that each triangle lies in one face of it, the right way
    /// round; for each neighbor its place.
    /// </summary>
    private static IEnumerable<int[]> Assignments(StructureTemplate template, List<int[]> surface)
    {
        int count = template.Neighbors.Count;
        if (template.Type == StructureTemplate.Graphene)
            return Honeycombs();
        HashSet<(int, int, int)> allowed = Allowed.Value[template.Type - 1];
        // Neighbors in such an order that each, after the first, shares a triangle with one before it.
        List<int> order = [surface[0][0]];
        while (order.Count < count)
            order.Add(surface.Where(f => f.Any(order.Contains)).SelectMany(f => f).First(corner => !order.Contains(corner)));
        int[] place = [.. Enumerable.Repeat(-1, count)];
        return Extend(0);

        IEnumerable<int[]> Extend(int known)
        {
            if (known == count)
            {
                yield return [.. place];
                yield break;
            }

            int neighbor = order[known];
            for (int target = 0; target < count; target++)
            {
                if (place.Contains(target) || neighbor < template.InnerCount != target < template.InnerCount)
                    continue;
                place[neighbor] = target;
                if (surface.All(f => f.Any(corner => place[corner] < 0) || allowed.Contains((place[f[0]], place[f[1]], place[f[2]]))))
                    foreach (int[] found in Extend(known + 1))
                        yield return found;
                place[neighbor] = -1;
            }
        }

        static IEnumerable<int[]> Honeycombs() =>
            from order in (int[][])[[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
            from swaps in Enumerable.Range(0, 8)
            select (int[])[.. order, .. Enumerable.Range(0, 6).Select(k => 3 + 2 * order[k / 2] + (k % 2 ^ swaps >> k / 2 & 1))];
    }

    private static IEnumerable<(int, int, int)> AllowedTriangles(StructureTemplate template)
    {
        IReadOnlyList<Vec3> t = template.Neighbors;
        int first = template.InnerCount, count = t.Count;
        for (int a = 0; a < count; a++)
        {
            for (int b = 0; b < count; b++)
            {
                for (int c = 0; c < count; c++)
                {
                    if (!(Volume(t[a], t[b], t[c]) > Tolerance))
                        continue;
                    int[] outer = [.. ((int[])[a, b, c]).Where(corner => corner >= first)];
                    bool isCap = outer.Length == 2 && Owner(template, outer[0]) == Owner(template, outer[1])
                        && Owner(template, outer[0]) == ((int[])[a, b, c]).First(corner => corner < first);
                    bool isFace = outer.Length == 3
                        && t.Skip(first).All(r => Volume(t[b] - t[a], t[c] - t[a], r - t[a]) <= Tolerance)
                        && (first == 0 || outer.Select(corner => Owner(template, corner)).Distinct().Count() > 1);
                    if (isCap || isFace)
                        yield return (a, b, c);
                }
            }
        }
    }

    /// <summary>The root mean square deviation with the best rotation and scale, after Horn.</summary>
    private static double Deviation(StructureTemplate template, Vec3[] chosen, int[] place)
    {
        int points = chosen.Length + 1;
        Vec3 mean = chosen.Aggregate(default(Vec3), (sum, r) => sum + r) * (1.0 / points);
        Vec3[] p = [.. chosen.Select(r => r - mean), mean * -1], t = [.. place.Select(k => template.Neighbors[k]), default];
        double S(int i, int j) => Enumerable.Range(0, points).Sum(k => t[k][i] * p[k][j]);
        double largest = LargestEigenvalue(new double[4, 4]
        {
            { S(0, 0) + S(1, 1) + S(2, 2), S(1, 2) - S(2, 1), S(2, 0) - S(0, 2), S(0, 1) - S(1, 0) },
            { S(1, 2) - S(2, 1), S(0, 0) - S(1, 1) - S(2, 2), S(0, 1) + S(1, 0), S(2, 0) + S(0, 2) },
            { S(2, 0) - S(0, 2), S(0, 1) + S(1, 0), S(1, 1) - S(0, 0) - S(2, 2), S(1, 2) + S(2, 1) },
            { S(0, 1) - S(1, 0), S(2, 0) + S(0, 2), S(1, 2) + S(2, 1), S(2, 2) - S(0, 0) - S(1, 1) },
        });
        double squares = p.Sum(r => Vec3.Dot(r, r));
        return Math.Sqrt(Math.Abs(t.Sum(r => Vec3.Dot(r, r)) - largest * largest / squares) / points);
    }

    /// <summary>By Jacobi's rotations.</summary>
    private static double LargestEigenvalue(double[,] m)
    {
        for (int sweep = 0; sweep < 30; sweep++)
        {
            for (int p = 0; p < 4; p++)
            {
                for (int q = p + 1; q < 4; q++)
                {
                    if (Math.Abs(m[p, q]) < 1e-300)
                        continue;
                    double theta = (m[q, q] - m[p, p]) / (2 * m[p, q]);
                    double tangent = (theta < 0 ? -1 : 1) / (Math.Abs(theta) + Math.Sqrt(theta * theta + 1));
                    double cosine = 1 / Math.Sqrt(tangent * tangent + 1), sine = tangent * cosine;
                    for (int k = 0; k < 4; k++)
                        (m[k, p], m[k, q]) = (cosine * m[k, p] - sine * m[k, q], sine * m[k, p] + cosine * m[k, q]);
                    for (int k = 0; k < 4; k++)
                        (m[p, k], m[q, k]) = (cosine * m[p, k] - sine * m[q, k], sine * m[p, k] + cosine * m[q, k]);
                }
            }
        }

        return Enumerable.Range(0, 4).Max(k => m[k, k]);
    }

    private static double Volume(Vec3 a, Vec3 b, Vec3 c) => Vec3.Dot(Vec3.Cross(a, b), c);
}
