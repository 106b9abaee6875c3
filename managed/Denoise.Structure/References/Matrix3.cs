using Denoise.Atoms;

namespace Denoise.Structure.References;

/// <summary>Three rows of three.</summary>
internal readonly record struct Matrix3(Vec3 X, Vec3 Y, Vec3 Z)
{
    public double Determinant => Vec3.Dot(X, Vec3.Cross(Y, Z));

    public Matrix3 Transposed => new(new(X.X, Y.X, Z.X), new(X.Y, Y.Y, Z.Y), new(X.Z, Y.Z, Z.Z));

    public Matrix3 Inverse
    {
        get
        {
            double scale = 1 / Determinant;
            return new Matrix3(Vec3.Cross(Y, Z) * scale, Vec3.Cross(Z, X) * scale, Vec3.Cross(X, Y) * scale).Transposed;
        }
    }

    /// <summary>This and the outer product of a column and a row.</summary>
    public Matrix3 Plus(Vec3 column, Vec3 row) => new(X + row * column.X, Y + row * column.Y, Z + row * column.Z);

    public Vec3 Times(Vec3 r) => new(Vec3.Dot(X, r), Vec3.Dot(Y, r), Vec3.Dot(Z, r));

    public Matrix3 Times(Matrix3 other)
    {
        Matrix3 columns = other.Transposed;
        return new(columns.Times(X), columns.Times(Y), columns.Times(Z));
    }
}
