using System.Text.Json;
using Denoise.Atoms;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Tests.Support;
using Denoise.TestSupport;

namespace Denoise.Networks.Tests.Equivariance;

public class SphericalHarmonicsTests
{
    [SharedFact]
    public void Values_equal_those_of_e3nn()
    {
        JsonElement table = ReferenceFile.Open("e3nn-tables.json").GetProperty("spherical_harmonics");
        JsonElement[] vectors = [.. table.GetProperty("vectors").EnumerateArray()];
        for (int v = 0; v < vectors.Length; v++)
        {
            double[] r = vectors[v].Numbers();
            double[] values = new double[49];
            SphericalHarmonics.Evaluate(6, new(r[0], r[1], r[2]), values);
            foreach (JsonProperty degree in table.GetProperty("values").EnumerateObject())
            {
                int l = int.Parse(degree.Name);
                // The table has ten decimals.
                Tolerance.AssertClose(degree.Value[v].Numbers(), values.AsSpan(l * l, 2 * l + 1), 1e-10, $"Y_{l} of vector {v}");
            }
        }
    }

    [Fact]
    public void Low_degrees_equal_their_polynomials()
    {
        Vec3 r = Rotations.UnitVector(new Random(3));
        (double x, double y, double z) = r;
        double[] values = new double[9];
        SphericalHarmonics.Evaluate(2, r * 2.75, values);
        double s3 = Math.Sqrt(3), s5 = Math.Sqrt(5), s15 = Math.Sqrt(15);
        Tolerance.AssertClose(
            [1, s3 * x, s3 * y, s3 * z, s15 * x * z, s15 * x * y, s5 * (y * y - (x * x + z * z) / 2), s15 * y * z, s15 / 2 * (z * z - x * x)],
            values, Tolerance.ClosedForm, "Y_0, Y_1, Y_2");
    }

    [Fact]
    public void Addition_theorem_holds()
    {
        var random = new Random(11);
        double[] a = new double[49], b = new double[49];
        for (int repeat = 0; repeat < 20; repeat++)
        {
            Vec3 u = Rotations.UnitVector(random), v = Rotations.UnitVector(random);
            SphericalHarmonics.Evaluate(6, u, a);
            SphericalHarmonics.Evaluate(6, v, b);
            // sum_m Y_lm(u) Y_lm(v) = (2l+1) P_l(u.v)
            double t = Vec3.Dot(u, v), previous = 0, legendre = 1;
            for (int l = 0; l <= 6; l++)
            {
                double sum = 0;
                for (int m = -l; m <= l; m++)
                    sum += a[SphericalHarmonics.Index(l, m)] * b[SphericalHarmonics.Index(l, m)];
                Assert.Equal((2 * l + 1) * legendre, sum, 1e-12 * (2 * l + 1));
                (previous, legendre) = (legendre, ((2 * l + 1) * t * legendre - l * previous) / (l + 1));
            }
        }
    }

    [Fact]
    public void Zero_vector_has_no_direction()
    {
        double[] values = new double[49];
        Array.Fill(values, double.NaN);
        SphericalHarmonics.Evaluate(6, default, values);
        Assert.Equal([1, .. new double[48]], values);
    }
}
