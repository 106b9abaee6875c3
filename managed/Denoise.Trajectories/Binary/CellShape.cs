using Denoise.Atoms;

namespace Denoise.Trajectories.Binary;

/// <summary>A box as formats have it that know lengths and angles: a along x, b in the xy plane, c upwards.</summary>
internal static class CellShape
{
    /// <summary>The cosine of an angle in degrees; that of 90 degrees is 0, not nearly.</summary>
    public static double Cosine(double degrees) => degrees == 90 ? 0 : Math.Cos(degrees * Math.PI / 180);

    /// <summary>The periodic box of these lengths and cosines of angles; null where they are no box.</summary>
    /// <param name="a">length</param>
    /// <param name="b">length</param>
    /// <param name="c">length</param>
    /// <param name="alpha">cosine of the angle between b and c</param>
    /// <param name="beta">cosine of the angle between a and c</param>
    /// <param name="gamma">cosine of the angle between a and b</param>
    public static Box? Of(double a, double b, double c, double alpha, double beta, double gamma)
    {
        double sine = Math.Sqrt(Math.Max(0, 1 - gamma * gamma)), cy = (alpha - beta * gamma) / sine;
        Box box = new(new(a, 0, 0), new Vec3(gamma, sine, 0) * b, new Vec3(beta, cy, Math.Sqrt(1 - beta * beta - cy * cy)) * c,
            default, true, true, true);
        return box.Volume > 0 && double.IsFinite(box.Volume) && double.IsFinite(1 / box.Volume) ? box : null;
    }

    /// <summary>Whether a box has its edges along these directions, so that positions need not be turned.</summary>
    public static bool Fits(Box box) =>
        box.A.Y == 0 && box.A.Z == 0 && box.B.Z == 0 && box.A.X > 0 && box.B.Y > 0 && box.C.Z > 0;

    /// <summary>A box with these lengths and angles that does.</summary>
    public static Box Turned(Box box)
    {
        (double alpha, double beta, double gamma) = Cosines(box);
        return Of(box.A.Length, box.B.Length, box.C.Length, alpha, beta, gamma) ?? box;
    }

    /// <summary>Of the angles between b and c, a and c, a and b.</summary>
    public static (double Alpha, double Beta, double Gamma) Cosines(Box box) =>
        (Cosine(box.B, box.C), Cosine(box.A, box.C), Cosine(box.A, box.B));

    /// <summary>Of a cosine; exact for a right angle.</summary>
    public static double Degrees(double cosine) => cosine == 0 ? 90 : Math.Acos(cosine) * 180 / Math.PI;

    private static double Cosine(Vec3 a, Vec3 b) => Math.Clamp(Vec3.Dot(a, b) / (a.Length * b.Length), -1, 1);
}
