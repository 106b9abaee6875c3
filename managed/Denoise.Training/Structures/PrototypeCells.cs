using Denoise.Atoms;
using Denoise.Atoms.Symmetry;

namespace Denoise.Training.Structures;

/// <summary>Conventional cells, edge vectors in units of a, and their sites.</summary>
internal static class PrototypeCells
{
    // Fractional; sites of one orbit are at least a hundred times as far apart.
    private const double SamePlace = 1e-4;

    public static (Vec3, Vec3, Vec3) Cubic => Orthorhombic(1, 1);

    public static (Vec3, Vec3, Vec3) Tetragonal(double ratio) => Orthorhombic(1, ratio);

    public static (Vec3, Vec3, Vec3) Orthorhombic(double b, double c) => (new(1, 0, 0), new(0, b, 0), new(0, 0, c));

    public static (Vec3, Vec3, Vec3) Hexagonal(double ratio) => (new(1, 0, 0), new(-0.5, Math.Sqrt(0.75), 0), new(0, 0, ratio));

    /// <summary>A site and all that the space group of that Hall symbol makes of it, in [0, 1).</summary>
    public static List<Vec3> Orbit(string hall, Vec3 site)
    {
        IReadOnlyList<SymmetryOperation> operations = HallSymbol.Operations(hall) ?? throw new ArgumentException(hall, nameof(hall));
        List<Vec3> orbit = [];
        foreach (Vec3 image in operations.Select(operation => operation.Apply(site)))
            if (!orbit.Exists(other => IsSamePlace(other - image)))
                orbit.Add(new(image.X - Math.Floor(image.X), image.Y - Math.Floor(image.Y), image.Z - Math.Floor(image.Z)));
        return orbit;
    }

    /// <summary>Close-packed layers one above the other.</summary>
    public static Vec3[] Stack(string layers) =>
        [.. layers.Select((layer, k) => layer switch
        {
            'A' => new Vec3(0, 0, (double)k / layers.Length),
            'B' => new Vec3(1.0 / 3, 2.0 / 3, (double)k / layers.Length),
            _ => new Vec3(2.0 / 3, 1.0 / 3, (double)k / layers.Length),
        })];

    private static bool IsSamePlace(Vec3 d) =>
        Math.Abs(d.X - Math.Round(d.X)) + Math.Abs(d.Y - Math.Round(d.Y)) + Math.Abs(d.Z - Math.Round(d.Z)) < SamePlace;
}
