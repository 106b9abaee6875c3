using Denoise.Atoms;

namespace Denoise.Structure.TemplateMatching;

/// <summary>
/// The triangulated spheres that a template's neighbors span: the hull of its (outer) neighbors, whose faces with four corners can be
/// split along either diagonal, and where there are two shells an inner neighbor over every face between its own outer ones. Those that
/// a rotation of the template takes to each other count once: 8 for fcc, 16 for hcp, 218 for bcc, 12 and 24 for diamond, 1 else.
/// </summary>
internal static class TemplateMeshes
{
    private const double Tolerance = 1e-9;

    /// <summary>All triangulations; corners are the template's neighbors.</summary>
    public static IEnumerable<(int A, int B, int C)[]> Of(StructureTemplate template)
    {
        int[][] faces = [.. Faces(template)];
        int[][] squares = [.. faces.Where(face => face.Length == 4)];
        List<(int, int, int)> common = [];
        foreach (int[] face in faces.Where(face => face.Length == 3))
        {
            int inner = InnerOf(template, face[0]);
            if (inner >= 0 && face.All(corner => InnerOf(template, corner) == inner))
                common.AddRange([(face[0], face[1], inner), (face[1], face[2], inner), (face[2], face[0], inner)]);
            else
                common.Add((face[0], face[1], face[2]));
        }

        // Bit s says which diagonal splits square s; a rotation permutes squares and diagonals.
        int[][] moved =
            [.. Permutations(template).Select(to => squares.SelectMany((_, s) => (int[])[Moved(s, 0, to), Moved(s, 1, to)]).ToArray())];
        for (int choice = 0; choice < 1 << squares.Length; choice++)
        {
            if (moved.Any(to => Image(choice, to) < choice))
                continue;
            yield return [.. common, .. squares.SelectMany((square, s) => Split(square, choice >> s & 1))];
        }

        int Moved(int s, int diagonal, int[] to)
        {
            (int a, int b) = (to[squares[s][diagonal]], to[squares[s][diagonal + 2]]);
            int target = Array.FindIndex(squares, square => square.Contains(a) && square.Contains(b));
            int at = Array.IndexOf(squares[target], a) & 1;
            return 2 * target + at;
        }

        int Image(int choice, int[] to)
        {
            int image = 0;
            for (int s = 0; s < squares.Length; s++)
            {
                int target = to[2 * s + (choice >> s & 1)];
                image |= (target & 1) << (target >> 1);
            }

            return image;
        }
    }

    /// <summary>Where each rotation of the template takes each neighbor.</summary>
    public static IEnumerable<int[]> Permutations(StructureTemplate template)
    {
        foreach (Rotation rotation in template.Symmetry.Rotations.ToArray())
        {
            yield return [.. template.Neighbors.Select(r =>
                Enumerable.Range(0, template.Neighbors.Count).MinBy(k => (rotation.Apply(r) - template.Neighbors[k]).Length))];
        }
    }

    /// <summary>The inner neighbor to which an outer one belongs; -1 for inner ones and where there is one shell.</summary>
    private static int InnerOf(StructureTemplate template, int neighbor) =>
        template.InnerCount == 0 || neighbor < template.InnerCount ? -1 : (neighbor - template.InnerCount) / template.OuterCount;

    private static IEnumerable<(int, int, int)> Split(int[] square, int diagonal)
    {
        (int a, int b, int c, int d) = diagonal == 0
            ? (square[0], square[1], square[2], square[3])
            : (square[1], square[2], square[3], square[0]);
        return [(a, b, c), (a, c, d)];
    }

    /// <summary>The faces of the hull of the outermost shell, each with its corners counterclockwise seen from outside.</summary>
    private static IEnumerable<int[]> Faces(StructureTemplate template)
    {
        int[] corners = [.. Enumerable.Range(template.InnerCount, template.Neighbors.Count - template.InnerCount)];
        var seen = new HashSet<uint>();
        foreach (int a in corners)
        {
            foreach (int b in corners)
            {
                foreach (int c in corners)
                {
                    Vec3 origin = template.Neighbors[a];
                    Vec3 normal = Vec3.Cross(template.Neighbors[b] - origin, template.Neighbors[c] - origin);
                    if (normal.Length < Tolerance)
                        continue;
                    double[] heights = [.. corners.Select(k => Vec3.Dot(normal, template.Neighbors[k] - origin))];
                    if (heights.Any(height => height > Tolerance))
                        continue;
                    int[] face = [.. corners.Where((_, k) => heights[k] > -Tolerance)];
                    if (!seen.Add(face.Aggregate(0u, (set, k) => set | 1u << k)))
                        continue;
                    Vec3 u = template.Neighbors[face[0]] - Center(face), v = Vec3.Cross(normal, u);
                    yield return [.. face.OrderBy(k => Azimuth(template.Neighbors[k] - Center(face), u, v, normal.Length))];
                }
            }
        }

        Vec3 Center(int[] face) => face.Aggregate(default(Vec3), (sum, k) => sum + template.Neighbors[k]) * (1.0 / face.Length);
    }

    private static double Azimuth(Vec3 r, Vec3 u, Vec3 v, double stretch) => Math.Atan2(Vec3.Dot(r, v) / stretch, Vec3.Dot(r, u));
}
