using Denoise.Atoms;

namespace Denoise.Structure.TemplateMatching;

/// <summary>
/// The rotations under which a set of points looks the same. Orientations that differ by one of them are the same; the one with the
/// smallest angle stands for all (the fundamental zone).
/// </summary>
public sealed class RotationGroup
{
    private const double Tolerance = 1e-9;

    private readonly Rotation[] _rotations;

    /// <param name="points">around the origin, not all on a line with it</param>
    public RotationGroup(IReadOnlyList<Vec3> points)
    {
        // A rotation is known by where it takes two points.
        Vec3 first = points[0], second = points.First(point => Vec3.Cross(point, points[0]).Length > Tolerance);
        var found = new List<Rotation>();
        foreach (Vec3 a in points)
        {
            foreach (Vec3 b in points)
            {
                if (Math.Abs(a.Length - first.Length) > Tolerance || Math.Abs(b.Length - second.Length) > Tolerance
                    || Math.Abs(Vec3.Dot(a, b) - Vec3.Dot(first, second)) > Tolerance)
                    continue;
                Rotation rotation = Frame(a, b) * Frame(first, second).Inverse;
                if (points.All(point => points.Any(other => (rotation.Apply(point) - other).Length < Tolerance)))
                    found.Add(rotation);
            }
        }

        _rotations = [.. found];
    }

    /// <summary>The rotations of a cube.</summary>
    public static RotationGroup Cubic { get; } =
        new([new(1, 0, 0), new(0, 1, 0), new(0, 0, 1), new(-1, 0, 0), new(0, -1, 0), new(0, 0, -1)]);

    /// <summary>The rotations of a hexagonal prism along z.</summary>
    public static RotationGroup Hexagonal { get; } =
        new([.. Enumerable.Range(0, 6).Select(k => new Vec3(Math.Cos(k * Math.PI / 3), Math.Sin(k * Math.PI / 3), 0))]);

    public ReadOnlySpan<Rotation> Rotations => _rotations;

    /// <summary>The equal orientation with the smallest angle, with a real part that is not negative.</summary>
    /// <param name="orientation">from the crystal's axes to the sample's</param>
    /// <param name="chosen">by which the orientation was multiplied from the right</param>
    public Rotation Reduce(Rotation orientation, out Rotation chosen)
    {
        chosen = Rotation.None;
        double most = -1;
        foreach (Rotation g in _rotations)
        {
            double real = Math.Abs(orientation.W * g.W - orientation.X * g.X - orientation.Y * g.Y - orientation.Z * g.Z);
            if (real > most)
                (most, chosen) = (real, g);
        }

        Rotation reduced = orientation * chosen;
        return reduced.W < 0 ? new(-reduced.W, -reduced.X, -reduced.Y, -reduced.Z) : reduced;
    }

    /// <summary>The smallest angle, in radians, that takes one orientation to an equal of the other.</summary>
    public double Misorientation(Rotation a, Rotation b) => 2 * Math.Acos(Math.Min(LargestCosine(a.Inverse * b), 1));

    /// <summary>The cosine of half the smallest angle of all rotations that are equal to this one.</summary>
    public double LargestCosine(Rotation between)
    {
        double most = 0;
        foreach (Rotation g in _rotations)
            most = Math.Max(most, Math.Abs(between.W * g.W - between.X * g.X - between.Y * g.Y - between.Z * g.Z));
        return most;
    }

    /// <summary>The equal orientation that is nearest to another; of q and -q the nearer.</summary>
    public Rotation Nearest(Rotation orientation, Rotation other)
    {
        Rotation nearest = orientation;
        double most = -1;
        foreach (Rotation g in _rotations)
        {
            Rotation equal = orientation * g;
            double cosine = equal.W * other.W + equal.X * other.X + equal.Y * other.Y + equal.Z * other.Z;
            if (Math.Abs(cosine) > most)
                (most, nearest) = (Math.Abs(cosine), cosine < 0 ? new(-equal.W, -equal.X, -equal.Y, -equal.Z) : equal);
        }

        return nearest;
    }

    private static Rotation Frame(Vec3 a, Vec3 b)
    {
        Vec3 x = a * (1 / a.Length), normal = Vec3.Cross(a, b), z = normal * (1 / normal.Length);
        return Rotation.FromColumns(x, Vec3.Cross(z, x), z);
    }
}
