using Denoise.Atoms;
using Denoise.Structure.References;

namespace Denoise.Structure.Dislocations;

/// <summary>Lattice correspondence tensors, and others, as rows of ten numbers of which the first says something else.</summary>
internal static unsafe class TensorRow
{
    public const int Width = 10;

    private static readonly double SameCrystal = Math.Cos(15 * Math.PI / 180);

    /// <summary>Whether two crystals are turned by less than 15 degrees.</summary>
    public static bool IsSameCrystal(in Matrix3 a, in Matrix3 b)
    {
        // 1 + 2 cos(angle) of the rotation between them.
        double cosine = (3 * Product(a, b) / Math.Sqrt(Product(a, a) * Product(b, b)) - 1) / 2;
        return cosine > SameCrystal;
    }

    /// <summary>Sum of the products of their elements.</summary>
    public static double Product(in Matrix3 a, in Matrix3 b) => Vec3.Dot(a.X, b.X) + Vec3.Dot(a.Y, b.Y) + Vec3.Dot(a.Z, b.Z);

    public static Matrix3 Add(in Matrix3 a, in Matrix3 b, double times) => new(a.X + b.X * times, a.Y + b.Y * times, a.Z + b.Z * times);

    public static Matrix3 Read(float* row) => new(new(row[1], row[2], row[3]), new(row[4], row[5], row[6]), new(row[7], row[8], row[9]));

    public static void Write(float* row, float head, in Matrix3 m)
    {
        (row[0], row[1], row[2], row[3]) = (head, (float)m.X.X, (float)m.X.Y, (float)m.X.Z);
        (row[4], row[5], row[6]) = ((float)m.Y.X, (float)m.Y.Y, (float)m.Y.Z);
        (row[7], row[8], row[9]) = ((float)m.Z.X, (float)m.Z.Y, (float)m.Z.Z);
    }
}
