using Denoise.Atoms;
using Denoise.Structure.References;

namespace Denoise.Structure.Dislocations;

/// <summary>
/// A perfect crystal in units of its lattice parameter a: the neighbors of an atom, the rotations under which the crystal looks the same,
/// and the Burgers vectors that its dislocations have. In hcp the atoms of every second layer have the same neighbors turned by half a
/// turn around c, which is one of these rotations: so all have the neighbors of one, and maps that are turned to be next to each other
/// are of one frame, whichever layers they are of. What c/a deviates from the ideal is part of the maps.
/// </summary>
internal sealed class IdealCrystal
{
    private static readonly double MatchCosine = Math.Cos(27 * Math.PI / 180);

    private static readonly Matrix3 Identity = new(new(1, 0, 0), new(0, 1, 0), new(0, 0, 1));
    private static readonly Matrix3 HalfTurn = new(new(-1, 0, 0), new(0, -1, 0), new(0, 0, 1));
    private static readonly double IdealHeight = Math.Sqrt(8.0 / 3);

    private readonly Vec3[] _directions;
    private readonly Matrix3[] _sites;
    private readonly BurgersFamily[] _families;
    private readonly Vec3 _first;
    private readonly Vec3 _second;

    private IdealCrystal(StructureType type, double atomsPerCell, double nearest, double shellReach, Vec3[] shell, Vec3 first, Vec3 second,
        BurgersFamily[] families)
    {
        (Type, AtomsPerCell, NearestDistance, ShellReach, Shell, _families) = (type, atomsPerCell, nearest, shellReach, shell, families);
        bool isHexagonal = type == StructureType.Hcp;
        Rotations = isHexagonal ? HexagonalRotations() : CubicRotations();
        _sites = isHexagonal ? [Identity, HalfTurn] : [Identity];
        FaultType = type == StructureType.Fcc ? StructureType.Hcp : isHexagonal ? StructureType.Fcc : null;
        (_first, _second) = (first * (1 / first.Length), second * (1 / second.Length));
        _directions = [.. shell.Select(v => v * (1 / v.Length))];
        Tolerance = Math.Min(0.25, 0.5 * families.Min(family => family.Vectors[0].Length));
    }

    /// <summary>Twelve neighbors at √½.</summary>
    public static IdealCrystal FaceCentered { get; } = new(StructureType.Fcc, 4, Math.Sqrt(0.5), 0.854, Vectors(0.5, 0.5, 0),
        new(1, 1, 0), new(1, -1, 0),
    [
        new("perfect", [.. Vectors(0.5, 0.5, 0)]),
        new("shockley", [.. Vectors(1.0 / 6, 1.0 / 6, 1.0 / 3)]),
        new("frank", [.. Vectors(1.0 / 3, 1.0 / 3, 1.0 / 3)]),
        new("stair_rod", [.. Vectors(1.0 / 6, 1.0 / 6, 0)]),
        new("hirth", [.. Vectors(1.0 / 3, 0, 0)]),
    ]);

    /// <summary>Eight neighbors at √¾ and six at 1.</summary>
    public static IdealCrystal BodyCentered { get; } = new(StructureType.Bcc, 2, Math.Sqrt(0.75), 1.2,
        [.. Vectors(0.5, 0.5, 0.5), .. Vectors(1, 0, 0)], new(1, 1, 1), new(1, 1, -1),
    [
        new("111", [.. Vectors(0.5, 0.5, 0.5)]),
        new("100", [.. Vectors(1, 0, 0)]),
        new("110", [.. Vectors(1, 1, 0)]),
    ]);

    /// <summary>
    /// Six neighbors in the layer at 1, three above and three below, at 1 if c/a is ideal. Axes: x along a vector a, z along c.
    /// </summary>
    public static IdealCrystal HexagonalClosePacked { get; } = new(StructureType.Hcp, Math.Sqrt(2), 1, 1.207,
        [.. Around(1, 0, 0), .. Beside(IdealHeight / 2), .. Beside(-IdealHeight / 2)],
        Beside(IdealHeight / 2)[0], Beside(-IdealHeight / 2)[0],
    [
        new("a", Around(1, 0, 0)),
        new("c_a", [.. Around(1, 0, IdealHeight), .. Around(1, 0, -IdealHeight)]),
        new("c", [new(0, 0, IdealHeight), new(0, 0, -IdealHeight)]),
        new("shockley", Around(Math.Sqrt(1.0 / 3), 30, 0)),
        new("frank", [.. Around(Math.Sqrt(1.0 / 3), 30, IdealHeight / 2), .. Around(Math.Sqrt(1.0 / 3), 30, -IdealHeight / 2)]),
    ]);

    /// <summary>Under which the crystal looks the same: the 24 of a cube, the 12 of a hexagonal prism.</summary>
    public Matrix3[] Rotations { get; }

    public StructureType Type { get; }

    /// <summary>What atoms of a stacking fault look like; null: like none that is identified.</summary>
    public StructureType? FaultType { get; }

    /// <summary>Atoms per cube of the lattice parameter.</summary>
    public double AtomsPerCell { get; }

    /// <summary>Lattice parameters between nearest neighbors.</summary>
    public double NearestDistance { get; }

    /// <summary>Lattice parameters between the last shell that counts and the next.</summary>
    public double ShellReach { get; }

    /// <summary>Lattice parameters by which a measured Burgers vector may be off: half of the shortest vector, at most a quarter.</summary>
    public double Tolerance { get; }

    /// <summary>Neighbors, lattice parameters.</summary>
    public Vec3[] Shell { get; }

    public IReadOnlyList<BurgersFamily> Families => _families;

    /// <summary>The lattice vector next to a measured Burgers vector; returns its family, -1: there is none within the tolerance.</summary>
    public int Snap(Vec3 measured, double tolerance, out Vec3 burgers)
    {
        (int family, double least) = (-1, tolerance);
        burgers = default;
        for (int f = 0; f < _families.Length; f++)
        {
            foreach (Vec3 vector in _families[f].Vectors)
            {
                double distance = (vector - measured).Length;
                if (distance < least)
                    (family, least, burgers) = (f, distance, vector);
            }
        }

        return family;
    }

    /// <summary>
    /// The linear map that takes the vectors to the neighbors best (lattice correspondence tensor, lengths of the sample to lattice
    /// parameters), matched by the smallest angle under a map that is known to be near; returns how many vectors were matched, each
    /// to a neighbor of its own, and 0 where that is too few for a map.
    /// </summary>
    public int Match(ReadOnlySpan<Vec3> vectors, in Matrix3 near, out Matrix3 map)
    {
        (int most, double closest) = (0, 0);
        map = default;
        foreach (Matrix3 site in _sites)
        {
            int count = Match(vectors, site.Times(near), out Matrix3 found, out double cosines);
            if (count < most || (count == most && cosines <= closest))
                continue;
            (most, closest, map) = (count, cosines, site.Transposed.Times(found));
        }

        return most;
    }

    /// <summary>The lattice parameter a of the sample by a map.</summary>
    public double LatticeOf(in Matrix3 map)
    {
        double square = Vec3.Dot(map.X, map.X) + Vec3.Dot(map.Y, map.Y);
        return Type == StructureType.Hcp ? Math.Sqrt(2 / square) : Math.Sqrt(3 / (square + Vec3.Dot(map.Z, map.Z)));
    }

    /// <summary>The same on one kind of site; and the sum of the cosines between what was matched.</summary>
    private int Match(ReadOnlySpan<Vec3> vectors, in Matrix3 near, out Matrix3 map, out double closeness)
    {
        Span<int> best = stackalloc int[16];
        Span<double> cosines = stackalloc double[16];
        best[..Shell.Length].Fill(-1);
        for (int k = 0; k < vectors.Length; k++)
        {
            Vec3 v = near.Times(vectors[k]);
            double length = v.Length, most = MatchCosine * length;
            int match = -1;
            for (int s = 0; s < _directions.Length; s++)
            {
                double dot = Vec3.Dot(v, _directions[s]);
                if (dot > most)
                    (match, most) = (s, dot);
            }

            if (match < 0 || Math.Abs(length / Shell[match].Length - 1) > 0.3 || (best[match] >= 0 && cosines[match] >= most / length))
                continue;
            (best[match], cosines[match]) = (k, most / length);
        }

        Matrix3 squares = default, products = default;
        int count = 0;
        closeness = 0;
        for (int s = 0; s < _directions.Length; s++)
        {
            if (best[s] < 0)
                continue;
            closeness += cosines[s];
            Vec3 vector = vectors[best[s]];
            squares = squares.Plus(vector, vector);
            products = products.Plus(Shell[s], vector);
            count++;
        }

        map = default;
        double size = (squares.X.X + squares.Y.Y + squares.Z.Z) / 3;
        if (count < Shell.Length / 2 || !(squares.Determinant > 0.05 * size * size * size))
            return 0;
        map = products.Times(squares.Inverse);
        return map.Determinant > 0 ? count : 0;
    }

    /// <summary>
    /// The map of an atom of the crystal from its neighbors alone, in that of the equal frames that is turned least. Two neighbors
    /// whose angle occurs in the shell give a frame under which all must match.
    /// </summary>
    /// <param name="vectors">as many as the shell has, nearest first</param>
    /// <param name="map">receives it</param>
    public bool TryMap(ReadOnlySpan<Vec3> vectors, out Matrix3 map)
    {
        int attempts = Type == StructureType.Hcp ? vectors.Length : 4;
        double wanted = Vec3.Dot(_first, _second);
        map = default;
        for (int first = 0; first < attempts; first++)
        {
            Vec3 a = vectors[first];
            (int second, double least) = (-1, 0.2);
            for (int k = 0; k < vectors.Length; k++)
            {
                double off = Math.Abs(Vec3.Dot(a, vectors[k]) / (a.Length * vectors[k].Length) - wanted);
                if (k != first && off < least)
                    (second, least) = (k, off);
            }

            if (second < 0)
                continue;
            Matrix3 frame = Axes(_first, _second).Transposed.Times(Axes(a, vectors[second]));
            double scale = Shell[0].Length / a.Length;
            frame = new(frame.X * scale, frame.Y * scale, frame.Z * scale);
            if (Match(vectors, frame, out Matrix3 rough) < vectors.Length || Match(vectors, rough, out Matrix3 fine) < vectors.Length)
                continue;
            map = Turned(fine, Identity, out _);
            return true;
        }

        return false;
    }

    /// <summary>The equal of a map, by one of the rotations, that is next to another; and that rotation.</summary>
    public Matrix3 Turned(in Matrix3 map, in Matrix3 next, out int rotation)
    {
        // trace(S G Nᵀ) is largest for the smallest angle between S G and N.
        Matrix3 between = map.Times(next.Transposed);
        (rotation, double most) = (0, double.NegativeInfinity);
        for (int s = 0; s < Rotations.Length; s++)
        {
            Matrix3 r = Rotations[s];
            double trace = (r.X.X * between.X.X) + (r.X.Y * between.Y.X) + (r.X.Z * between.Z.X)
                + (r.Y.X * between.X.Y) + (r.Y.Y * between.Y.Y) + (r.Y.Z * between.Z.Y)
                + (r.Z.X * between.X.Z) + (r.Z.Y * between.Y.Z) + (r.Z.Z * between.Z.Z);
            if (trace > most)
                (rotation, most) = (s, trace);
        }

        return Rotations[rotation].Times(map);
    }

    /// <summary>Three unit rows: along the first vector, the rest of the second, and across both.</summary>
    private static Matrix3 Axes(Vec3 first, Vec3 second)
    {
        Vec3 x = first * (1 / first.Length), y = second - x * Vec3.Dot(second, x);
        y *= 1 / y.Length;
        return new(x, y, Vec3.Cross(x, y));
    }

    /// <summary>All vectors with these coordinates in any order and with any signs.</summary>
    private static Vec3[] Vectors(double a, double b, double c)
    {
        List<Vec3> vectors = [];
        foreach (Vec3 v in (Vec3[])[new(a, b, c), new(b, c, a), new(c, a, b), new(a, c, b), new(c, b, a), new(b, a, c)])
        {
            for (int signs = 0; signs < 8; signs++)
            {
                Vec3 signed = new((signs & 1) == 0 ? v.X : -v.X, (signs & 2) == 0 ? v.Y : -v.Y, (signs & 4) == 0 ? v.Z : -v.Z);
                if (!vectors.Exists(other => (other - signed).Length < 1e-9))
                    vectors.Add(signed);
            }
        }

        return [.. vectors];
    }

    /// <summary>Six vectors of one length and height around z, the first at an angle in degrees from x.</summary>
    private static Vec3[] Around(double radius, double angle, double height) =>
        [.. Enumerable.Range(0, 6).Select(k => (angle + 60 * k) * Math.PI / 180)
            .Select(turn => new Vec3(radius * Math.Cos(turn), radius * Math.Sin(turn), height))];

    /// <summary>Three neighbors in the next layer.</summary>
    private static Vec3[] Beside(double height) => [.. Around(Math.Sqrt(1.0 / 3), 30, height).Where((_, k) => k % 2 == 0)];

    private static Matrix3[] HexagonalRotations()
    {
        Vec3[] axes = Around(1, 0, 0), sides = [new(0, 0, 1), new(0, 0, -1)];
        return [.. sides.SelectMany(z => axes.Select(x => new Matrix3(x, Vec3.Cross(z, x), z)))];
    }

    private static Matrix3[] CubicRotations()
    {
        Vec3[] axes = Vectors(1, 0, 0);
        return [.. axes.SelectMany(x => axes.Where(y => Math.Abs(Vec3.Dot(x, y)) < 0.5).Select(y => new Matrix3(x, y, Vec3.Cross(x, y))))];
    }
}
