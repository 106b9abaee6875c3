using Denoise.Atoms;

namespace Denoise.Training.Structures;

/// <summary>Conventional cells, edge vectors in units of a.</summary>
internal static class PrototypeCells
{
    public static (Vec3, Vec3, Vec3) Cubic => Orthorhombic(1, 1);

    public static (Vec3, Vec3, Vec3) Tetragonal(double ratio) => Orthorhombic(1, ratio);

    public static (Vec3, Vec3, Vec3) Orthorhombic(double b, double c) => (new(1, 0, 0), new(0, b, 0), new(0, 0, c));

    public static (Vec3, Vec3, Vec3) Hexagonal(double ratio) => (new(1, 0, 0), new(-0.5, Math.Sqrt(0.75), 0), new(0, 0, ratio));

    /// <summary>Close-packed layers one above the other.</summary>
    public static Vec3[] Stack(string layers) =>
        [.. layers.Select((layer, k) => layer switch
        {
            'A' => new Vec3(0, 0, (double)k / layers.Length),
            'B' => new Vec3(1.0 / 3, 2.0 / 3, (double)k / layers.Length),
            _ => new Vec3(2.0 / 3, 1.0 / 3, (double)k / layers.Length),
        })];
}
