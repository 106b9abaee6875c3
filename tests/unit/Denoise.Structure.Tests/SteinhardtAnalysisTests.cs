using System.Numerics;
using System.Text.Json;
using Denoise.Atoms;
using Denoise.Neighbors.Reference;
using Denoise.Structure.BondOrder;
using Denoise.Structure.Reference;
using Denoise.TestSupport;

namespace Denoise.Structure.Tests;

public sealed class SteinhardtAnalysisTests
{
    public static TheoryData<int> Seeds => new(Lattice.Seeds);

    [Fact]
    public void Symbols_have_their_closed_forms_and_norm()
    {
        Assert.Equal(-Math.Sqrt(2.0 / 35), WignerThreeJ.Equal(2, 0, 0), Tolerance.ClosedForm);
        Assert.Equal(Math.Sqrt(18.0 / 1001), WignerThreeJ.Equal(4, 0, 0), Tolerance.ClosedForm);
        Assert.Equal(-Math.Sqrt(400.0 / 46189), WignerThreeJ.Equal(6, 0, 0), Tolerance.ClosedForm);
        for (int l = 1; l <= WignerThreeJ.LargestDegree; l++)
        {
            double norm = 0;
            for (int a = -l; a <= l; a++)
                for (int b = -l; b <= l; b++)
                    norm += Math.Abs(a + b) > l ? 0 : Math.Pow(WignerThreeJ.Equal(l, a, b), 2);
            Assert.Equal(1, norm, Tolerance.ClosedForm);
        }
    }

    /// <summary>
    /// √(7/192), √(169/512) and so on; those of hcp and the icosahedron as tabulated by Mickel et al. 2013 and Steinhardt et al. 1983.
    /// </summary>
    [Theory]
    [InlineData("fcc", "neighbors=12", 0.19094065395649334, 0.5745242597140698, -0.15931737, -0.01316060)]
    [InlineData("fcc", "cutoff=3", 0.19094065395649334, 0.5745242597140698, -0.15931737, -0.01316060)]
    [InlineData("bcc", "neighbors=8", 0.5091750772173156, 0.6285393610547089, -0.15931737, 0.01316060)]
    [InlineData("bcc", "neighbors=14", 0.03636964837266540, 0.5106882308569508, 0.15931737, 0.01316060)]
    [InlineData("bcc", "neighbors=9", 0.03636964837266540, 0.5106882308569508, 0.15931737, 0.01316060)]
    [InlineData("sc", "neighbors=6", 0.7637626158259734, 0.3535533905932738, 0.15931737, 0.01316060)]
    [InlineData("hcp", "neighbors=12", 0.09722222222222222, 0.48476168, 0.134097, -0.012442)]
    public void Perfect_crystals_have_their_order(string name, string bonds, double q4, double q6, double w4, double w6)
    {
        Random random = new(7);
        foreach (int repeat in (int[])[1, 3])
        {
            Lattice lattice = Lattice.Named(name, repeat);
            foreach (Func<Vec3, Vec3> map in (Func<Vec3, Vec3>[])[r => r, Rotation(random), Rotation(random)])
            {
                using AnalysisFrame frame = new($"steinhardt:w,averaged,{bonds},solid=7,threshold=0.9");
                frame.Run(lattice.Mapped(map));
                foreach (string suffix in (string[])["", "_averaged"])
                {
                    bool rounded = name == "hcp";
                    // Neighbors of an hcp atom are turned against it: only the plain order is that of one shell.
                    if (rounded && suffix.Length > 0)
                        continue;
                    AssertAll(frame, "q4" + suffix, q4, 1e-9);
                    AssertAll(frame, "q6" + suffix, q6, rounded ? 1e-7 : 1e-9);
                    AssertAll(frame, "w4" + suffix, w4, rounded ? 5e-7 : 1e-7);
                    AssertAll(frame, "w6" + suffix, w6, rounded ? 5e-7 : 1e-7);
                }

                AssertAll(frame, "solid", name == "hcp" ? frame.Column("solid")[0] : name == "sc" ? 0 : 1, 0);
                Assert.Equal(q4, frame.Global("q4_mean"), 1e-9);
            }
        }
    }

    [Fact]
    public void An_icosahedron_has_order_of_degree_six_only()
    {
        double golden = (1 + Math.Sqrt(5)) / 2;
        List<Vec3> atoms = [default];
        foreach (double a in (double[])[1, -1])
            foreach (double b in (double[])[golden, -golden])
                atoms.AddRange([new(0, a, b), new(a, b, 0), new(b, 0, a)]);
        using AnalysisFrame frame = new("steinhardt:l=4+6+10,w");
        frame.Run(new("ico", Box.Orthogonal(1, 1, 1, periodic: false), [.. atoms.Select(r => r * 1.3)]), nearestRange: 2.6);
        Assert.Equal(0, frame.Column("q4")[0], 1e-12);
        Assert.Equal(0.66332495807108, frame.Column("q6")[0], 1e-12);
        Assert.Equal(-0.169754, frame.Column("w6")[0], 1e-6);
        Assert.Equal(-0.093968, frame.Column("w10")[0], 1e-6);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Fast_equals_reference_on_any_number_of_threads_and_ranks(int seed)
    {
        int[] degrees = [1, 4, 6, 8, 11];
        foreach (string name in (string[])["fcc", "bcc", "random"])
        {
            Lattice lattice = Lattice.Named(name, 2).Rattled(0.15, seed);
            foreach (string bonds in (string[])["cutoff=3.7", "neighbors=12", "neighbors=5"])
            {
                Vec3[][] vectors = new Vec3[lattice.Positions.Length][];
                int[][] neighbors = new int[vectors.Length][];
                for (int i = 0; i < vectors.Length; i++)
                {
                    var all = ReferenceNeighbors.Within(lattice.Positions, lattice.Box, i, 6).OrderBy(n => n.DistanceSquared);
                    ReferenceNeighbors.Neighbor[] taken = bonds[0] == 'c' ? [.. all.Where(n => n.DistanceSquared < 3.7 * 3.7)]
                        : [.. all.Take(int.Parse(bonds[10..], System.Globalization.CultureInfo.InvariantCulture))];
                    (vectors[i], neighbors[i]) = ([.. taken.Select(n => n.Vector)], [.. taken.Select(n => n.Index)]);
                }

                string text = $"steinhardt:l={string.Join('+', degrees)},w,averaged,{bonds},solid=4,threshold=0.3,solid_l=8";
                using AnalysisFrame one = new(text), three = new(text, 3);
                one.Run(lattice);
                three.Run(lattice);
                using RankedFrame ranks = new(text, 3);
                ranks.Run(lattice);
                foreach (int l in degrees)
                {
                    Complex[][] q = [.. vectors.Select(v => ReferenceBondOrder.Mean(l, v))];
                    Complex[][] mean = [.. q.Select((own, i) => own.Select((z, m) =>
                        (z + neighbors[i].Aggregate(Complex.Zero, (sum, j) => sum + q[j][m])) / (neighbors[i].Length + 1)).ToArray())];
                    Check($"q{l}", q.Select(ReferenceBondOrder.Q), 1e-11);
                    Check($"q{l}_averaged", mean.Select(ReferenceBondOrder.Q), 1e-11);
                    Check($"w{l}", q.Select(ReferenceBondOrder.W), 1e-9);
                    Check($"w{l}_averaged", mean.Select(ReferenceBondOrder.W), 1e-9);
                    if (l == 8)
                        Check("solid_bonds", q.Select((own, i) =>
                            (double)neighbors[i].Count(j => ReferenceBondOrder.Product(own, q[j]) > 0.3)), 0);
                }

                Assert.Equal(one.Column("solid").Sum(), ranks.Global("solid_count"));
                Assert.Equal(one.Column("solid_bonds").Select(b => b >= 4 ? 1.0 : 0), one.Column("solid"));

                void Check(string column, IEnumerable<double> expected, double tolerance)
                {
                    double[] values = [.. expected];
                    string what = $"{column} of {name}, {bonds}, seed {seed}";
                    Tolerance.AssertClose(values, one.Column(column), tolerance, what);
                    Tolerance.AssertClose(values, ranks.Column(column), tolerance, what);
                    Assert.Equal(one.Column(column), three.Column(column));
                }
            }
        }
    }

    [SharedTheory]
    [InlineData("perfect_bcc")]
    [InlineData("perfect_diamond")]
    [InlineData("perfect_fcc")]
    [InlineData("rattled_fcc")]
    [InlineData("strained_fcc")]
    [InlineData("vacancy_fcc")]
    public void Values_are_those_of_freud(string name)
    {
        using JsonDocument file = JsonDocument.Parse(File.ReadAllText(SharedReference.Path($"ovito/{name}.json")));
        double[] Numbers(string key) => [.. file.RootElement.GetProperty(key).EnumerateArray().Select(v => v.GetDouble())];
        Vec3[] Vectors(string key) => [.. file.RootElement.GetProperty(key).EnumerateArray()
            .Select(v => new Vec3(v[0].GetDouble(), v[1].GetDouble(), v[2].GetDouble()))];
        Vec3[] edges = Vectors("box");
        double[] periodic = Numbers("boundary");
        Box box = new(edges[0], edges[1], edges[2], default, periodic[0] == 1, periodic[1] == 1, periodic[2] == 1);
        using RankedFrame frame = new($"steinhardt:averaged,cutoff={file.RootElement.GetProperty("ql_cutoff").GetDouble()}", 2);
        frame.Run(new(name, box, Vectors("pos")));
        foreach (string q in (string[])["q4", "q6"])
        {
            Tolerance.AssertClose(Numbers(q), frame.Column(q), 2e-6, q);
            Tolerance.AssertClose(Numbers(q + "_avg"), frame.Column(q + "_averaged"), 2e-6, q + " averaged");
        }
    }

    [Fact]
    public void Few_atoms_have_no_order()
    {
        using AnalysisFrame frame = new("steinhardt:w,averaged,solid=1");
        frame.Run(new("none", Box.Orthogonal(9, 9, 9), []));
        frame.Run(new("one", Box.Orthogonal(9, 9, 9, periodic: false), [new(1, 2, 3)]));
        Assert.Equal((0, 0, 0), (frame.Global("q6_mean"), frame.Global("w6_averaged_mean"), frame.Global("solid_count")));
        // A single bond has q_l = 1.
        frame.Run(new("two", Box.Orthogonal(9, 9, 9, periodic: false), [new(1, 2, 3), new(2, 3, 4)]));
        Assert.Equal([1, 1], frame.Column("q6").Select(q => Math.Round(q, 12)));
        Assert.Equal(2, frame.Global("solid_count"));
    }

    [Theory]
    [InlineData("steinhardt:l=4+4", "twice")]
    [InlineData("steinhardt:cutoff=3,neighbors=12", "either a cutoff or a number")]
    [InlineData("steinhardt:l=4,solid=7,solid_l=6", "none of the degrees")]
    [InlineData("steinhardt:l=40", "from 1 to 16")]
    public void What_is_wrong_is_said(string text, string expected)
    {
        string message = Assert.Throws<InputException>(() => new AnalysisFrame(text).Dispose()).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("steinhardt:w,averaged,cutoff=3.5,solid=7")]
    [InlineData("steinhardt:averaged")]
    public void Later_frames_allocate_nothing(string text)
    {
        using AnalysisFrame frame = new(text);
        frame.Run(Lattice.Named("fcc", 6).Rattled(0.1, 1));
        Assert.Equal(0, Allocations.AfterTheFirst(frame.Again));
    }

    private static void AssertAll(AnalysisFrame frame, string column, double expected, double tolerance) =>
        Assert.All(frame.Column(column),
            value => Assert.True(Math.Abs(value - expected) <= tolerance, $"{column}: {value}, not {expected}"));

    /// <summary>A random rotation.</summary>
    private static Func<Vec3, Vec3> Rotation(Random random)
    {
        Vec3 Unit(Vec3 r) => r * (1 / r.Length);
        Vec3 Any() => new(random.NextDouble() - 0.5, random.NextDouble() - 0.5, random.NextDouble() - 0.5);
        Vec3 a = Unit(Any()), b = Unit(Vec3.Cross(a, Any())), c = Vec3.Cross(a, b);
        return r => a * r.X + b * r.Y + c * r.Z;
    }
}
