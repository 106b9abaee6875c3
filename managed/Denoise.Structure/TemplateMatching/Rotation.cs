using Denoise.Atoms;

namespace Denoise.Structure.TemplateMatching;

/// <summary>A rotation as a unit quaternion; q and -q are the same.</summary>
/// <param name="W">real part: the cosine of half the angle</param>
/// <param name="X">imaginary part</param>
/// <param name="Y">imaginary part</param>
/// <param name="Z">imaginary part</param>
public readonly record struct Rotation(double W, double X, double Y, double Z)
{
    public static Rotation None { get; } = new(1, 0, 0, 0);

    public Rotation Inverse => new(W, -X, -Y, -Z);

    /// <summary>Angle in radians, 0 to π.</summary>
    public double Angle => 2 * Math.Atan2(Math.Sqrt(X * X + Y * Y + Z * Z), Math.Abs(W));

    /// <summary>First <paramref name="b"/>, then <paramref name="a"/>.</summary>
    public static Rotation operator *(Rotation a, Rotation b) => new(
        a.W * b.W - a.X * b.X - a.Y * b.Y - a.Z * b.Z,
        a.W * b.X + a.X * b.W + a.Y * b.Z - a.Z * b.Y,
        a.W * b.Y - a.X * b.Z + a.Y * b.W + a.Z * b.X,
        a.W * b.Z + a.X * b.Y - a.Y * b.X + a.Z * b.W);

    /// <summary>The rotation with these columns: where it takes the axes.</summary>
    public static Rotation FromColumns(Vec3 x, Vec3 y, Vec3 z)
    {
        // The largest of the four squares is divided by, so that no digits are lost.
        double w2 = 1 + x.X + y.Y + z.Z, x2 = 1 + x.X - y.Y - z.Z, y2 = 1 - x.X + y.Y - z.Z, z2 = 1 - x.X - y.Y + z.Z;
        double most = Math.Max(Math.Max(w2, x2), Math.Max(y2, z2));
        Rotation q = most == w2 ? new(w2, y.Z - z.Y, z.X - x.Z, x.Y - y.X)
            : most == x2 ? new(y.Z - z.Y, x2, x.Y + y.X, z.X + x.Z)
            : most == y2 ? new(z.X - x.Z, x.Y + y.X, y2, y.Z + z.Y)
            : new(x.Y - y.X, z.X + x.Z, y.Z + z.Y, z2);
        double norm = 0.5 / Math.Sqrt(most);
        return new(q.W * norm, q.X * norm, q.Y * norm, q.Z * norm);
    }

    public Vec3 Apply(Vec3 r)
    {
        Vec3 axis = new(X, Y, Z), once = Vec3.Cross(axis, r);
        return r + once * (2 * W) + Vec3.Cross(axis, once) * 2;
    }
}
