using Denoise.Atoms;
using Denoise.Networks.Equivariance;

namespace Denoise.Networks.Tests.Support;

/// <summary>Random rotations and how features transform under them.</summary>
internal static class Rotations
{
    public static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    public static Vec3 UnitVector(Random random)
    {
        var v = new Vec3(Normal(random), Normal(random), Normal(random));
        return v * (1 / v.Length);
    }

    /// <summary>Rows of a random proper rotation; negated, an improper one.</summary>
    public static Vec3[] Random(Random random)
    {
        Vec3 a = UnitVector(random), b = UnitVector(random);
        b -= a * Vec3.Dot(a, b);
        b *= 1 / b.Length;
        return [a, b, Vec3.Cross(a, b)];
    }

    public static Vec3 Apply(Vec3[] rows, Vec3 v) => new(Vec3.Dot(rows[0], v), Vec3.Dot(rows[1], v), Vec3.Dot(rows[2], v));

    /// <summary>
    /// D^l of a proper rotation R, defined by Y_l(R r) = D^l Y_l(r): fitted on more directions than there are components,
    /// because the harmonics are a basis.
    /// </summary>
    public static double[,] Matrix(int l, Vec3[] rotation)
    {
        int n = 2 * l + 1, samples = 4 * n;
        var random = new Random(1000 + l);
        double[,] gram = new double[n, n], cross = new double[n, n];
        double[] before = new double[(l + 1) * (l + 1)], after = new double[before.Length];
        for (int s = 0; s < samples; s++)
        {
            Vec3 r = UnitVector(random);
            SphericalHarmonics.Evaluate(l, r, before);
            SphericalHarmonics.Evaluate(l, Apply(rotation, r), after);
            for (int i = 0; i < n; i++)
                for (int j = 0; j < n; j++)
                {
                    gram[i, j] += before[l * l + i] * before[l * l + j];
                    cross[i, j] += before[l * l + i] * after[l * l + j];
                }
        }

        return Transpose(Solve(gram, cross));
    }

    /// <summary>Gauss elimination with row pivots: X with a X = b.</summary>
    private static double[,] Solve(double[,] a, double[,] b)
    {
        int n = a.GetLength(0);
        for (int k = 0; k < n; k++)
        {
            int pivot = Enumerable.Range(k, n - k).MaxBy(i => Math.Abs(a[i, k]));
            for (int j = 0; j < n; j++)
            {
                (a[k, j], a[pivot, j]) = (a[pivot, j], a[k, j]);
                (b[k, j], b[pivot, j]) = (b[pivot, j], b[k, j]);
            }

            for (int i = 0; i < n; i++)
            {
                if (i == k)
                    continue;
                double factor = a[i, k] / a[k, k];
                for (int j = 0; j < n; j++)
                {
                    a[i, j] -= factor * a[k, j];
                    b[i, j] -= factor * b[k, j];
                }
            }
        }

        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                b[i, j] /= a[i, i];
        return b;
    }

    private static double[,] Transpose(double[,] a)
    {
        double[,] t = new double[a.GetLength(1), a.GetLength(0)];
        for (int i = 0; i < a.GetLength(0); i++)
            for (int j = 0; j < a.GetLength(1); j++)
                t[j, i] = a[i, j];
        return t;
    }
}
