using Denoise.Atoms;

namespace Denoise.Structure.Tests.Dislocations;

/// <summary>A dislocation along [001] in a cylinder, displaced by the isotropic elastic field of the line, not relaxed.</summary>
internal static class StraightLine
{
    private const double Poisson = 0.3;

    /// <param name="name">of the lattice</param>
    /// <param name="burgers">in units of the edge, across [001] or along it</param>
    /// <param name="radius">Å</param>
    /// <param name="cells">along the line</param>
    public static Lattice Create(string name, Vec3 burgers, double radius, int cells)
    {
        double a = Edge(name), length = cells * Period(name), b = burgers.Length * a;
        // The cell of hcp is a rhombus.
        int repeat = (int)Math.Ceiling(2 * radius / a / (name == "hcp" ? 0.8 : 1)) + 2;
        Lattice bulk = Lattice.Named(name, repeat);
        bool isScrew = burgers.X == 0 && burgers.Y == 0;
        Vec3 x = isScrew ? new(1, 0, 0) : burgers * (1 / burgers.Length), z = new(0, 0, 1), y = Vec3.Cross(z, x);
        List<Vec3> atoms = [];
        Vec3 middle = (bulk.Box.A + bulk.Box.B) * (Math.Floor(repeat / 2.0) / repeat);
        foreach (Vec3 r in bulk.Positions)
        {
            Vec3 d = r - middle - new Vec3(0.23 * a, 0.31 * a, 0);
            double u = Vec3.Dot(d, x), v = Vec3.Dot(d, y), square = u * u + v * v, angle = Math.Atan2(v, u);
            if (r.Z > length - 0.01 || square > radius * radius)
                continue;
            if (isScrew)
            {
                double shifted = r.Z + b * angle / (2 * Math.PI);
                atoms.Add(new(r.X, r.Y, shifted - length * Math.Floor(shifted / length)));
                continue;
            }

            double along = b / (2 * Math.PI) * (angle + u * v / (2 * (1 - Poisson) * square));
            double across = -b / (2 * Math.PI) * ((1 - 2 * Poisson) / (4 * (1 - Poisson)) * Math.Log(square)
                + (u * u - v * v) / (4 * (1 - Poisson) * square));
            atoms.Add(r + x * along + y * across);
        }

        Box box = new(new(repeat * a, 0, 0), new(0, repeat * a, 0), new(0, 0, length), default, false, false, true);
        return new($"{name} line", box, [.. atoms]);
    }

    /// <summary>Of the lattice along z.</summary>
    public static double Period(string name) => Edge(name) * (name == "hcp" ? Math.Sqrt(8.0 / 3) : 1);

    public static double Edge(string name) => name switch { "fcc" => 3.6, "hcp" => 2.5, _ => 2.87 };
}
