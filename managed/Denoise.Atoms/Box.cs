namespace Denoise.Atoms;

/// <summary>
/// A simulation box: three edge vectors that start at an origin, each direction periodic or not. Lengths in Å.
/// </summary>
/// <param name="A">first edge vector</param>
/// <param name="B">second edge vector</param>
/// <param name="C">third edge vector; (A, B, C) may be left-handed</param>
/// <param name="Origin">the corner where the edges start</param>
/// <param name="PeriodicA">whether space repeats along A</param>
/// <param name="PeriodicB">whether space repeats along B</param>
/// <param name="PeriodicC">whether space repeats along C</param>
public sealed record Box(Vec3 A, Vec3 B, Vec3 C, Vec3 Origin, bool PeriodicA, bool PeriodicB, bool PeriodicC)
{
    /// <summary>An axis-aligned periodic box with its corner at 0.</summary>
    public static Box Orthogonal(double lx, double ly, double lz, bool periodic = true) =>
        new(new(lx, 0, 0), new(0, ly, 0), new(0, 0, lz), default, periodic, periodic, periodic);

    public Vec3 this[int axis] => axis switch { 0 => A, 1 => B, 2 => C, _ => throw new ArgumentOutOfRangeException(nameof(axis)) };

    public bool IsPeriodic(int axis) => axis switch { 0 => PeriodicA, 1 => PeriodicB, _ => PeriodicC };

    public bool AnyPeriodic => PeriodicA || PeriodicB || PeriodicC;

    public bool IsOrthogonal => A.Y == 0 && A.Z == 0 && B.X == 0 && B.Z == 0 && C.X == 0 && C.Y == 0;

    /// <summary>Volume in Å^3, never negative.</summary>
    public double Volume => Math.Abs(Vec3.Dot(A, Vec3.Cross(B, C)));

    /// <summary>Rows of the inverse cell: fractional coordinate k of r is dot(Reciprocal[k], r - Origin).</summary>
    public (Vec3 A, Vec3 B, Vec3 C) Reciprocal
    {
        get
        {
            Vec3 bc = Vec3.Cross(B, C), ca = Vec3.Cross(C, A), ab = Vec3.Cross(A, B);
            double inverse = 1 / Vec3.Dot(A, bc);
            return (bc * inverse, ca * inverse, ab * inverse);
        }
    }

    /// <summary>Distances in Å between opposite faces along each direction.</summary>
    public Vec3 FaceDistances
    {
        get
        {
            var (a, b, c) = Reciprocal;
            return new(1 / a.Length, 1 / b.Length, 1 / c.Length);
        }
    }

    public Vec3 ToFractional(Vec3 position)
    {
        var (a, b, c) = Reciprocal;
        Vec3 d = position - Origin;
        return new(Vec3.Dot(a, d), Vec3.Dot(b, d), Vec3.Dot(c, d));
    }

    public Vec3 ToCartesian(Vec3 fractional) => Origin + A * fractional.X + B * fractional.Y + C * fractional.Z;

    /// <summary>The same box with every length multiplied by <paramref name="factor"/>.</summary>
    public Box Scaled(double factor) =>
        this with { A = A * factor, B = B * factor, C = C * factor, Origin = Origin * factor };
}
