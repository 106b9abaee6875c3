using Denoise.Atoms;

namespace Denoise.Trajectories.Xyz;

/// <summary>
/// What the comment line of an XYZ frame says of the cell. Directions that it leaves open, having no edge vector for them, reach
/// as far as the atoms do.
/// </summary>
internal struct XyzCell
{
    /// <summary>Whether there is a Lattice at all.</summary>
    public bool IsGiven;

    /// <summary>Edge vectors; zero: none.</summary>
    public Vec3 A, B, C;

    public Vec3 Origin;

    /// <summary>Null: not said.</summary>
    public (bool A, bool B, bool C)? Periodic;

    /// <summary>Whether some direction has no edge vector.</summary>
    public readonly bool IsPartial => A == default || B == default || C == default;

    /// <summary>Periodic where there is an edge and nothing else is said.</summary>
    public readonly bool IsPeriodic(int axis)
    {
        if (Periodic is { } given)
            return axis switch { 0 => given.A, 1 => given.B, _ => given.C };
        return IsGiven && Edge(axis) != default;
    }

    /// <summary>Axes that are to be periodic and have no edge.</summary>
    public readonly bool LacksPeriodicEdge =>
        IsGiven && ((IsPeriodic(0) && A == default) || (IsPeriodic(1) && B == default) || (IsPeriodic(2) && C == default));

    /// <summary>Null where the vectors span no volume.</summary>
    public readonly Box? ToBox(Frame frame)
    {
        Vec3[] edges = [A, B, C];
        Vec3 origin = Origin;
        for (int axis = 0; axis < 3; axis++)
        {
            if (edges[axis] != default)
                continue;
            Vec3 direction = Missing(edges, axis);
            var (low, high) = Extent(frame, direction);
            // Atoms in one plane span no volume, but a box must: one unit of length then.
            edges[axis] = direction * (high > low ? high - low : 1);
            origin += direction * (low - Vec3.Dot(origin, direction));
        }

        Box box = new(edges[0], edges[1], edges[2], origin,
            IsGiven && IsPeriodic(0), IsGiven && IsPeriodic(1), IsGiven && IsPeriodic(2));
        return box.Volume > 0 && double.IsFinite(box.Volume) ? box : null;
    }

    private readonly Vec3 Edge(int axis) => axis switch { 0 => A, 1 => B, _ => C };

    /// <summary>A unit vector across the edges that are there: the Cartesian axis itself where it is free.</summary>
    private static Vec3 Missing(Vec3[] edges, int axis)
    {
        Vec3 p = edges[(axis + 1) % 3], q = edges[(axis + 2) % 3];
        Vec3 across = Vec3.Cross(p, q);
        if (across.Length > 0)
            return across * (1 / across.Length);
        Vec3 present = p == default ? q : p;
        for (int k = 0; k < 3; k++)
        {
            int d = (axis + k) % 3;
            Vec3 candidate = new(d == 0 ? 1 : 0, d == 1 ? 1 : 0, d == 2 ? 1 : 0);
            if (present == default)
                return candidate;
            Vec3 rest = candidate - present * (Vec3.Dot(candidate, present) / Vec3.Dot(present, present));
            if (rest.Length > 0.5)
                return rest * (1 / rest.Length);
        }

        return new Vec3(0, 0, 1);
    }

    private static (double Low, double High) Extent(Frame frame, Vec3 direction)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        for (int i = 0; i < frame.Count; i++)
        {
            double r = Vec3.Dot(direction, new(frame.Positions[3L * i], frame.Positions[3L * i + 1], frame.Positions[3L * i + 2]));
            (low, high) = (Math.Min(low, r), Math.Max(high, r));
        }

        return frame.Count == 0 ? (0, 0) : (low, high);
    }
}
