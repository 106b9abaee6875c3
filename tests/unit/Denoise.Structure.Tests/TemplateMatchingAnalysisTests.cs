using Denoise.Atoms;
using Denoise.Neighbors;
using Denoise.Structure.Reference;
using Denoise.Structure.TemplateMatching;
using Denoise.TestSupport;

namespace Denoise.Structure.Tests;

public sealed class TemplateMatchingAnalysisTests
{
    private const string AllTypes = "types=fcc+hcp+bcc+ico+sc+cubic-diamond+hexagonal-diamond+graphene";

    // The square root of what rounding leaves of a difference of sums of squares.
    private const double RoundedDeviation = 1e-6;

    private static readonly Vec3[] Wurtzite = [new(0, 0, 0), new(1.0 / 3, 2.0 / 3, .5), new(0, 0, .375), new(1.0 / 3, 2.0 / 3, .875)];

    public static TheoryData<int> Seeds => new(Lattice.Seeds);

    [SharedFact]
    public void Labels_equal_the_published_ones()
    {
        int cases = 0;
        foreach (PublishedLabels published in PublishedLabels.All("ptm"))
        {
            using (published)
            {
                using AnalysisFrame frame = new("ptm");
                double[] labels = frame.Run(published.Lattice).Column("ptm");
                Identified.AssertEqual(published.Labels("ptm"), [.. labels.Select(label => (int)label)], published.Lattice.Name);
            }

            cases++;
        }

        Assert.Equal(10, cases);
    }

    [Theory]
    [InlineData("fcc", 1, 2.5455844122715711)]
    [InlineData("hcp", 2, 2.5)]
    [InlineData("bcc", 3, 2.4854929087607481)]
    [InlineData("sc", 5, 2.5)]
    [InlineData("diamond", 6, 2.3382685902179844)]
    [InlineData("wurtzite", 7, 2.3515101530718505)]
    [InlineData("graphene", 8, 1.4202816622064793)]
    public void Perfect_crystals_fit_exactly(string name, int type, double distance)
    {
        Lattice lattice = Crystal(name, 4);
        using AnalysisFrame frame = new("ptm:" + AllTypes);
        frame.Run(lattice);
        Assert.All(frame.Column("ptm"), label => Assert.Equal(type, label));
        Assert.All(frame.Column("ptm_rmsd"), deviation => Assert.InRange(deviation, 0, RoundedDeviation));
        Assert.All(frame.Column("ptm_distance"), found => Assert.Equal(distance, found, 1e-9));
        Assert.Equal(lattice.Positions.Length, frame.Global($"ptm_{StructureTemplate.All[type - 1].Name.Replace('-', '_')}"));
        Assert.InRange(frame.Global("ptm_mean_rmsd"), 0, RoundedDeviation);
    }

    [Fact]
    public void The_center_of_an_icosahedron_is_icosahedral()
    {
        using AnalysisFrame frame = new("ptm:types=fcc+hcp+ico");
        Assert.Equal(4, frame.Run(Lattice.Icosahedron()).Column("ptm")[0]);
        Assert.InRange(frame.Column("ptm_rmsd")[0], 0, RoundedDeviation);
    }

    [Fact]
    public void Without_its_type_a_crystal_is_other()
    {
        using AnalysisFrame frame = new("ptm:types=hcp+bcc+ico");
        Assert.All(frame.Run(Lattice.Named("fcc")).Column("ptm"), label => Assert.Equal(0, label));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Orientation_is_the_rotation_of_the_crystal(int seed)
    {
        Rotation rotation = RandomRotation(seed);
        foreach ((string name, int type) in
            ((string, int)[])[("fcc", 1), ("hcp", 2), ("bcc", 3), ("sc", 5), ("diamond", 6), ("wurtzite", 7)])
        {
            using AnalysisFrame frame = new($"ptm:{AllTypes},orientation,deformation");
            frame.Run(Crystal(name, 3).Mapped(rotation.Apply));
            RotationGroup zone = StructureTemplate.All[type - 1].Zone;
            Rotation reduced = zone.Reduce(rotation, out _);
            for (int atom = 0; atom < frame.Column("ptm").Length; atom += 7)
            {
                Assert.Equal(type, frame.Column("ptm")[atom]);
                Rotation found = OrientationOf(frame, atom);
                Assert.InRange(zone.Misorientation(found, rotation), 0, 1e-6);
                Assert.InRange((found * reduced.Inverse).Angle, 0, 1e-6);
                Vec3 x = found.Apply(new(1, 0, 0));
                Assert.InRange((new Vec3(x.X, x.Y, x.Z) - new Vec3(Gradient(frame, atom, 0, 0), Gradient(frame, atom, 1, 0),
                    Gradient(frame, atom, 2, 0))).Length, 0, 1e-6);
            }
        }
    }

    /// <summary>Atoms are F0 times a lattice with neighbors at d0: F is F0 d0 over the distance that is told.</summary>
    [Theory]
    [InlineData("fcc", 2.5455844122715711)]
    [InlineData("bcc", 2.4854929087607481)]
    [InlineData("hcp", 2.5)]
    [InlineData("sc", 2.5)]
    [InlineData("diamond", 2.3382685902179844)]
    public void Deformation_is_that_of_the_lattice(string name, double distance)
    {
        foreach (double[] gradient in (double[][])[[1.04, 0, 0, 0, 1, 0, 0, 0, 1], [1, 0.05, 0, 0, 1, 0, 0, 0, 1],
            [0.98, 0.01, 0.02, -0.03, 1.02, 0.01, 0.02, 0.03, 1.03]])
        {
            using AnalysisFrame frame = new($"ptm:{AllTypes},deformation,rmsd=0.2");
            frame.Run(Crystal(name, 4).Mapped(r => new(
                gradient[0] * r.X + gradient[1] * r.Y + gradient[2] * r.Z,
                gradient[3] * r.X + gradient[4] * r.Y + gradient[5] * r.Z,
                gradient[6] * r.X + gradient[7] * r.Y + gradient[8] * r.Z)));
            double found = frame.Column("ptm_distance")[0];
            for (int k = 0; k < 9; k++)
                Assert.All(frame.Column($"ptm_deformation[{k + 1}]"), value => Assert.Equal(gradient[k] * distance / found, value, 1e-9));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Fast_equals_reference(int seed)
    {
        foreach (string name in (string[])["fcc", "hcp", "bcc", "sc", "diamond", "wurtzite", "random"])
        {
            foreach (double sigma in (double[])[0.08, 0.25])
            {
                Lattice bulk = (name == "random" ? Lattice.Named(name, 3) : Crystal(name, 3)).Rattled(sigma, seed);
                Check(bulk with { Box = bulk.Box with { PeriodicA = seed % 2 == 0 } }, $"{name} rattled by {sigma}, seed {seed}");
            }
        }

        Check(Crystal("graphene", 6).Rattled(0.08, seed), $"graphene, seed {seed}");

        static unsafe void Check(Lattice lattice, string what)
        {
            const int Atoms = 5;
            using AnalysisFrame frame = new($"ptm:{AllTypes},rmsd=0");
            frame.Run(lattice);
            double[] types = frame.Column("ptm"), deviations = frame.Column("ptm_rmsd");
            using GhostShell shell = Identified.Shell(lattice, 7);
            for (int atom = 0; atom < Math.Min(Atoms, types.Length); atom++)
            {
                (StructureTemplate? template, double deviation) =
                    ReferenceTemplateMatching.Match(shell.View, atom, 7, StructureTemplate.All);
                Assert.True(types[atom] == (template?.Type ?? 0),
                    $"{what}, atom {atom}: {types[atom]} {deviations[atom]}, not {template?.Type} {deviation}");
                if (template is not null)
                    Assert.Equal(deviation, deviations[atom], 1e-9);
            }
        }
    }

    [Fact]
    public void Deviations_above_the_cutoff_are_other_and_shown()
    {
        Lattice lattice = Lattice.Named("fcc").Rattled(0.15, 3);
        using AnalysisFrame all = new("ptm:rmsd=0"), some = new("ptm:rmsd=0.08");
        double[] types = all.Run(lattice).Column("ptm"), deviations = all.Column("ptm_rmsd"), cut = some.Run(lattice).Column("ptm");
        Assert.Equal(deviations, some.Column("ptm_rmsd"));
        Assert.Contains(deviations, deviation => deviation > 0.08);
        Assert.Equal([.. types.Select((type, k) => deviations[k] <= 0.08 ? type : 0)], cut);
        Assert.Equal(cut.Count(type => type == 0), some.Global("ptm_other"));
        double[] named = [.. deviations.Where((_, k) => cut[k] != 0)];
        Assert.Equal(named.Average(), some.Global("ptm_mean_rmsd"), 1e-10);
    }

    [Theory]
    [InlineData("fcc", "L10", new[] { 1, 2, 2, 1 }, new[] { 2, 2, 2, 2 })]
    [InlineData("fcc", "L12", new[] { 2, 1, 1, 1 }, new[] { 4, 3, 3, 3 })]
    [InlineData("bcc", "B2", new[] { 1, 2 }, new[] { 5, 5 })]
    [InlineData("diamond", "zincblende", new[] { 1, 1, 1, 1, 2, 2, 2, 2 }, new[] { 6, 6, 6, 6, 6, 6, 6, 6 })]
    [InlineData("wurtzite", "wurtzite", new[] { 1, 1, 2, 2 }, new[] { 6, 6, 6, 6 })]
    [InlineData("graphene", "boron nitride", new[] { 1, 2 }, new[] { 7, 7 })]
    [InlineData("fcc", "pure", new[] { 3, 3, 3, 3 }, new[] { 1, 1, 1, 1 })]
    [InlineData("fcc", "three kinds", new[] { 1, 2, 3, 3 }, new[] { 0, 0, 0, 0 })]
    [InlineData("bcc", "ordered along one axis", new[] { 1, 1, 2, 2 }, new[] { 0, 0, 0, 0 })]
    public void Ordering_is_that_of_the_compound(string name, string compound, int[] types, int[] expected)
    {
        Rotation rotation = RandomRotation(types.Length);
        Lattice lattice = Crystal(name, 4).Rattled(0.03, 5).Mapped(rotation.Apply);
        using AnalysisFrame frame = new($"ptm:{AllTypes},ordering");
        frame.Run(lattice, types: [.. lattice.Positions.Select((_, k) => types[k % types.Length])]);
        Assert.Equal([.. lattice.Positions.Select((_, k) => (double)expected[k % expected.Length])], frame.Column("ptm_ordering"));
        Assert.NotEmpty(compound);
    }

    [Theory]
    [InlineData("diamond", 2.3382685902179844 * 1.44)]
    [InlineData("fcc", 2.5455844122715711)]
    [InlineData("bcc", 2.87 * 0.93)]
    public void Threads_and_ranks_do_not_matter(string name, double typical)
    {
        string text = $"ptm:{AllTypes},orientation,deformation,ordering";
        Lattice lattice = Crystal(name, 4).Rattled(0.2, 7);
        using AnalysisFrame one = new(text), three = new(text, threads: 3);
        using RankedFrame ranks = new(text, 3);
        one.Run(lattice, 1.75 * typical);
        three.Run(lattice, 1.75 * typical);
        ranks.Run(lattice, 1.75 * typical);
        foreach (string column in one.Analysis.Columns.Select(column => column.Name))
        {
            Assert.Equal(one.Column(column), three.Column(column));
            if (column is "ptm" or "ptm_ordering")
                Assert.Equal(one.Column(column), ranks.Column(column));
            else
                Tolerance.AssertClose(one.Column(column), ranks.Column(column), 1e-7, column);
        }
    }

    [Fact]
    public void Few_atoms_and_tiny_boxes_are_no_trouble()
    {
        using AnalysisFrame frame = new($"ptm:{AllTypes},orientation,deformation,ordering");
        Lattice crystal = Lattice.Named("fcc").Rattled(0.05, 1), perfect = Lattice.Named("sc");
        for (int count = 0; count <= 30; count++)
        {
            frame.Run(crystal with { Positions = crystal.Positions[..count], Box = Box.Orthogonal(1, 1, 1, periodic: false) });
            frame.Run(perfect with { Positions = perfect.Positions[..count], Box = Box.Orthogonal(1, 1, 1, periodic: false) });
        }

        foreach ((string name, int type) in ((string, int)[])[("fcc", 1), ("bcc", 3), ("diamond", 6)])
            Assert.All(frame.Run(Lattice.Named(name, 1)).Column("ptm"), label => Assert.Equal(type, label));
        Vec3 twice = new(1, 1, 1);
        frame.Run(new("pairs", Box.Orthogonal(9, 9, 9), [twice, twice, new(3, 3, 3)]));
        frame.Run(new("line", Box.Orthogonal(1, 1, 1, periodic: false), [.. Enumerable.Range(0, 25).Select(k => new Vec3(k * 0.7, 0, 0))]));
        frame.Run(new("plane", Box.Orthogonal(1, 1, 1, periodic: false),
            [.. Enumerable.Range(0, 49).Select(k => new Vec3(k % 7, k / 7, 0))]));
        Assert.All(frame.Column("ptm"), label => Assert.Equal(0, label));
    }

    [Fact]
    public void Later_frames_allocate_nothing()
    {
        using AnalysisFrame frame = new($"ptm:{AllTypes},orientation,deformation,ordering", threads: 2);
        frame.Run(Lattice.Named("bcc", 6).Rattled(0.1, 1), types: [.. Enumerable.Repeat(1, 432)]);
        Assert.Equal(0, Allocations.AfterTheFirst(frame.Again));
    }

    [Theory]
    [InlineData("ptm:types=fcc+diamond", "types=diamond: it is one of fcc, hcp, bcc, ico, sc, cubic-diamond, hexagonal-diamond, graphene")]
    [InlineData("ptm:types=fcc+fcc", "fcc is given twice")]
    [InlineData("ptm:rmsd=-1", "rmsd=-1: a number from 0")]
    [InlineData("ptm:strain", "'strain' is not known")]
    public void What_is_wrong_is_said(string text, string expected)
    {
        string message = Assert.Throws<InputException>(() => new AnalysisFrame(text).Dispose()).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    /// <summary>The numbers that counting the choices of diagonals under the rotations gives (Burnside).</summary>
    [Theory]
    [InlineData(1, 8, 24)]
    [InlineData(2, 16, 6)]
    [InlineData(3, 218, 24)]
    [InlineData(4, 1, 60)]
    [InlineData(5, 1, 24)]
    [InlineData(6, 12, 12)]
    [InlineData(7, 24, 3)]
    public void Templates_have_so_many_meshes_and_rotations(int type, int meshes, int rotations)
    {
        StructureTemplate template = StructureTemplate.All[type - 1];
        Assert.Equal(meshes, TemplateMeshes.Of(template).Count());
        Assert.Equal(rotations, template.Symmetry.Rotations.Length);
        Assert.InRange(template.Neighbors.Aggregate(default(Vec3), (sum, r) => sum + r).Length, 0, 1e-12);
        Assert.Equal(1, template.Neighbors.Average(r => r.Length), 1e-12);
    }

    private static double Gradient(AnalysisFrame frame, int atom, int row, int column) =>
        frame.Column($"ptm_deformation[{3 * row + column + 1}]")[atom];

    private static Rotation OrientationOf(AnalysisFrame frame, int atom) => new(frame.Column("ptm_orientation[4]")[atom],
        frame.Column("ptm_orientation[1]")[atom], frame.Column("ptm_orientation[2]")[atom], frame.Column("ptm_orientation[3]")[atom]);

    private static Rotation RandomRotation(int seed)
    {
        var random = new Random(seed);
        double[] q = [.. Enumerable.Range(0, 4).Select(_ => random.NextDouble() - 0.5)];
        double norm = Math.Sqrt(q.Sum(c => c * c));
        return new(q[0] / norm, q[1] / norm, q[2] / norm, q[3] / norm);
    }

    private static Lattice Crystal(string name, int repeat) => name switch
    {
        "wurtzite" => Lattice.Hexagonal(name, 3.84, 3.84 * Math.Sqrt(8.0 / 3), repeat, Wurtzite),
        "graphene" => Sheet(Lattice.Hexagonal(name, 2.46, 30.0 / repeat, repeat, new(0, 0, 0), new(1.0 / 3, 2.0 / 3, 0))),
        _ => Lattice.Named(name, repeat),
    };

    /// <summary>The atoms of the lowest layer.</summary>
    private static Lattice Sheet(Lattice lattice) => lattice with { Positions = [.. lattice.Positions.Where(r => r.Z < 1)] };
}
