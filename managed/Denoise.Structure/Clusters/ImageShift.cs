using Denoise.Atoms;

namespace Denoise.Structure.Clusters;

/// <summary>Edges of the box by which an image of an atom is shifted, whole numbers.</summary>
internal readonly record struct ImageShift(int A, int B, int C)
{
    public static ImageShift operator +(ImageShift a, ImageShift b) => new(a.A + b.A, a.B + b.B, a.C + b.C);

    public static ImageShift operator -(ImageShift a, ImageShift b) => new(a.A - b.A, a.B - b.B, a.C - b.C);

    /// <summary>The shift that is nearest to a vector, 0 along edges that are not periodic.</summary>
    /// <param name="box">Å</param>
    /// <param name="reciprocal">the box's</param>
    /// <param name="vector">from an atom to its image, Å</param>
    public static ImageShift Of(Box box, (Vec3 A, Vec3 B, Vec3 C) reciprocal, Vec3 vector) => new(
        box.PeriodicA ? (int)Math.Round(Vec3.Dot(reciprocal.A, vector)) : 0,
        box.PeriodicB ? (int)Math.Round(Vec3.Dot(reciprocal.B, vector)) : 0,
        box.PeriodicC ? (int)Math.Round(Vec3.Dot(reciprocal.C, vector)) : 0);

    public Vec3 In(Box box) => box.A * A + box.B * B + box.C * C;
}
