using Denoise.Atoms;

namespace Denoise.Structure.TemplateMatching;

/// <summary>
/// An ideal structure that neighbors are compared with: an atom at the origin and its neighbors, scaled so that their mean distance
/// is 1. Where there are two shells, the inner neighbors come first, then the outer neighbors of each. The axes are those of OVITO's
/// templates, so that orientations are the same.
/// </summary>
public sealed class StructureTemplate
{
    /// <summary>The type of the template that lies in a plane.</summary>
    public const int Graphene = 8;

    private StructureTemplate(int type, string name, RotationGroup? zone, int innerCount, params IEnumerable<Vec3> neighbors)
    {
        Vec3[] raw = [.. neighbors];
        double scale = raw.Length / raw.Sum(r => r.Length);
        Neighbors = [.. raw.Select(r => r * scale)];
        (Type, Name, InnerCount) = (type, name, innerCount);
        Symmetry = new(Neighbors);
        Zone = zone ?? Symmetry;
        SquareSum = Neighbors.Sum(r => Vec3.Dot(r, r));
        NeighborDistance = Neighbors[0].Length;
    }

    /// <summary>All, in the order in which the better fit is looked for; <see cref="Type"/> is one more than the index.</summary>
    public static IReadOnlyList<StructureTemplate> All { get; } =
    [
        new(1, "fcc", null, 0, CuboctahedronCorners()),
        new(2, "hcp", RotationGroup.Hexagonal, 0, [.. Hexagon(1), .. Triangle(Math.Sqrt(2.0 / 3)), .. Triangle(-Math.Sqrt(2.0 / 3))]),
        new(3, "bcc", null, 0, [.. CubeCorners(), .. Axes(2)]),
        new(4, "ico", null, 0, Icosahedron()),
        new(5, "sc", null, 0, Axes(1)),
        new(6, "cubic-diamond", RotationGroup.Cubic, 4, WithOuter(Tetrahedron(), CuboctahedronCorners().Select(r => r * Math.Sqrt(8)))),
        new(7, "hexagonal-diamond", RotationGroup.Hexagonal, 4, HexagonalDiamond()),
        new(Graphene, "graphene", RotationGroup.Hexagonal, 3, Honeycomb()),
    ];

    /// <summary>OVITO's number of the structure.</summary>
    public int Type { get; }

    /// <summary>The word by which users name it.</summary>
    public string Name { get; }

    public IReadOnlyList<Vec3> Neighbors { get; }

    /// <summary>Neighbors of the first of two shells; 0: there is one shell.</summary>
    public int InnerCount { get; }

    /// <summary>Outer neighbors of each inner one.</summary>
    public int OuterCount => InnerCount == 0 ? 0 : Neighbors.Count / InnerCount - 1;

    /// <summary>The rotations that take the neighbors to each other.</summary>
    public RotationGroup Symmetry { get; }

    /// <summary>The rotations of the lattice, by which orientations are reduced: more than those of one of its sites.</summary>
    public RotationGroup Zone { get; }

    /// <summary>Sum of the neighbors' squared distances.</summary>
    public double SquareSum { get; }

    /// <summary>Distance of the nearest neighbors.</summary>
    public double NeighborDistance { get; }

    private static IEnumerable<Vec3> Axes(double length) =>
        from axis in Enumerable.Range(0, 3)
        from sign in (int[])[-1, 1]
        select new Vec3(axis == 0 ? sign * length : 0, axis == 1 ? sign * length : 0, axis == 2 ? sign * length : 0);

    private static IEnumerable<Vec3> CubeCorners() =>
        from x in (int[])[-1, 1] from y in (int[])[-1, 1] from z in (int[])[-1, 1] select new Vec3(x, y, z);

    private static IEnumerable<Vec3> Tetrahedron() => CubeCorners().Where(r => r.X * r.Y * r.Z > 0);

    /// <summary>At distance 1.</summary>
    private static IEnumerable<Vec3> CuboctahedronCorners() =>
        from a in Axes(Math.Sqrt(0.5))
        from b in Axes(Math.Sqrt(0.5))
        where AxisOf(a) < AxisOf(b)
        select a + b;

    private static int AxisOf(Vec3 r) => r.X != 0 ? 0 : r.Y != 0 ? 1 : 2;

    private static IEnumerable<Vec3> Hexagon(double length) =>
        Enumerable.Range(0, 6).Select(k => new Vec3(length * Math.Cos(k * Math.PI / 3), length * Math.Sin(k * Math.PI / 3), 0));

    /// <summary>Over the hollows of a hexagon: at azimuths 30, 150 and 270 degrees.</summary>
    private static IEnumerable<Vec3> Triangle(double z, double radius = 0.57735026918962576) => Enumerable.Range(0, 3).Select(k =>
        new Vec3(radius * Math.Cos((4 * k + 1) * Math.PI / 6), radius * Math.Sin((4 * k + 1) * Math.PI / 6), z));

    private static IEnumerable<Vec3> Icosahedron()
    {
        double z = 1 / Math.Sqrt(5);
        Vec3[] upper =
        [
            .. Enumerable.Range(0, 5).Select(k => Math.PI / 2 + k * 2 * Math.PI / 5)
                .Select(azimuth => new Vec3(2 * z * Math.Cos(azimuth), 2 * z * Math.Sin(azimuth), z)),
        ];
        return [new(0, 0, 1), .. upper, new(0, 0, -1), .. upper.Select(r => r * -1)];
    }

    private static IEnumerable<Vec3> HexagonalDiamond()
    {
        double apart = Math.Sqrt(8.0 / 3);
        Vec3[] inner = [.. Triangle(-1.0 / 3, Math.Sqrt(8) / 3), new(0, 0, 1)];
        return WithOuter(inner,
            [.. Hexagon(apart), .. Triangle(4.0 / 3, Math.Sqrt(8) / 3), .. Triangle(-4.0 / 3, Math.Sqrt(8) / 3)]);
    }

    private static IEnumerable<Vec3> Honeycomb() =>
        WithOuter(Triangle(0, 1).Select(r => r * -1), Enumerable.Range(0, 6).Select(k =>
            new Vec3(Math.Sqrt(3) * Math.Cos(k * Math.PI / 3), Math.Sqrt(3) * Math.Sin(k * Math.PI / 3), 0)));

    /// <summary>The inner neighbors, then those of the outer shell that are nearest to the first, to the second, ...</summary>
    private static IEnumerable<Vec3> WithOuter(IEnumerable<Vec3> inner, IEnumerable<Vec3> outer)
    {
        Vec3[] first = [.. inner], second = [.. outer];
        int each = second.Length / first.Length;
        return [.. first, .. first.SelectMany(r => second.OrderBy(other => (other - r).Length).Take(each))];
    }
}
