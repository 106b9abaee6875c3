using System.Text.Json;
using Denoise.Atoms;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Tests.Support;
using Denoise.TestSupport;

namespace Denoise.Networks.Tests.Equivariance;

public class Wigner3jTests
{
    [SharedFact]
    public void Tensors_equal_those_of_e3nn()
    {
        JsonElement table = ReferenceFile.Open("e3nn-tables.json").GetProperty("wigner_3j");
        foreach (JsonProperty tensor in table.EnumerateObject())
        {
            int[] l = [.. tensor.Name.Split(',').Select(int.Parse)];
            // The table has ten decimals.
            Tolerance.AssertClose(tensor.Value.Numbers(), Wigner3j.Get(l[0], l[1], l[2]).Values, 1e-10, $"3j({tensor.Name})");
        }
    }

    public static TheoryData<int, int, int> Triangles()
    {
        var data = new TheoryData<int, int, int>();
        for (int l1 = 0; l1 <= Irrep.LMax; l1++)
            for (int l2 = 0; l2 <= Irrep.LMax; l2++)
                for (int l3 = Math.Abs(l1 - l2); l3 <= Math.Min(Irrep.LMax, l1 + l2); l3++)
                    data.Add(l1, l2, l3);
        return data;
    }

    [Theory]
    [MemberData(nameof(Triangles))]
    public void Contraction_of_two_tensors_is_a_multiple_of_the_identity(int l1, int l2, int l3)
    {
        var tensor = Wigner3j.Get(l1, l2, l3);
        for (int a = 0; a <= 2 * l3; a++)
            for (int b = 0; b <= 2 * l3; b++)
            {
                double sum = 0;
                for (int m1 = 0; m1 <= 2 * l1; m1++)
                    for (int m2 = 0; m2 <= 2 * l2; m2++)
                        sum += tensor[m1, m2, a] * tensor[m1, m2, b];
                Assert.Equal(a == b ? 1.0 / (2 * l3 + 1) : 0, sum, Tolerance.ClosedForm);
            }
    }

    [Fact]
    public void Tensors_are_invariant_under_rotation()
    {
        var random = new Random(5);
        Vec3[] rotation = Rotations.Random(random);
        double[][,] d = [.. Enumerable.Range(0, Irrep.LMax + 1).Select(l => Rotations.Matrix(l, rotation))];
        foreach (object[] triangle in Triangles())
        {
            (int l1, int l2, int l3) = ((int)triangle[0], (int)triangle[1], (int)triangle[2]);
            var tensor = Wigner3j.Get(l1, l2, l3);
            double[] rotated = new double[tensor.Values.Length];
            foreach (Wigner3j.Entry e in tensor.Entries)
                for (int m1 = 0, index = 0; m1 <= 2 * l1; m1++)
                    for (int m2 = 0; m2 <= 2 * l2; m2++)
                        for (int m3 = 0; m3 <= 2 * l3; m3++)
                            rotated[index++] += d[l1][m1, e.M1] * d[l2][m2, e.M2] * d[l3][m3, e.M3] * e.Value;
            Tolerance.AssertClose(tensor.Values, rotated, Tolerance.SymmetryDouble, $"3j({l1},{l2},{l3})");
        }
    }

    [Fact]
    public void Degrees_that_do_not_couple_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Wigner3j.Get(1, 1, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Wigner3j.Get(7, 0, 7));
    }
}
