using ILGPU;

namespace Denoise.Kernels.Neighbors;

/// <summary>Squared distances.</summary>
public static class Distance
{
    /// <summary>In steps^2, single precision; the differences are exact.</summary>
    public static float Squared(Site a, Site b)
    {
        float x = b.X - a.X, y = b.Y - a.Y, z = b.Z - a.Z;
        return x * x + y * y + z * z;
    }

    /// <summary>In Å^2, double precision.</summary>
    public static double Exact(ArrayView<double> positions, int i, int j)
    {
        double x = positions[3L * j] - positions[3L * i], y = positions[3L * j + 1] - positions[3L * i + 1];
        double z = positions[3L * j + 2] - positions[3L * i + 2];
        return x * x + y * y + z * z;
    }
}
