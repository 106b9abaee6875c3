using System.Text.Json;
using Denoise.Atoms;
using Denoise.Structure.Reference;
using Denoise.TestSupport;

namespace Denoise.Structure.Tests;

public sealed class AtomicStrainAnalysisTests
{
    public static TheoryData<int> Seeds => new(Lattice.Seeds);

    [SharedTheory]
    [InlineData("none", "")]
    [InlineData("affine", "_affine")]
    public void Strains_are_those_of_ovito(string mapping, string suffix)
    {
        using JsonDocument file = JsonDocument.Parse(File.ReadAllText(SharedReference.Path("ovito/atomic_strain.json")));
        double[] Numbers(string key) => [.. file.RootElement.GetProperty(key + suffix).EnumerateArray().Select(v => v.GetDouble())];
        (Lattice reference, _) = XyzFile.Read("atomic_strain_reference.xyz", "Ni");
        (Lattice current, _) = XyzFile.Read("atomic_strain_current.xyz", "Ni");
        foreach (int ranks in (int[])[1, 2])
        {
            using RankedFrame frame = new($"strain:cutoff=3,reference=any,mapping={mapping}", ranks, ReferenceFrames.Of(reference));
            frame.Run(current);
            Tolerance.AssertClose(Numbers("shear_strain"), frame.Column("shear_strain"), 1e-7, "shear");
            Tolerance.AssertClose(Numbers("volumetric_strain"), frame.Column("volumetric_strain"), 1e-7, "volumetric");
        }
    }

    /// <summary>A homogeneous deformation has the same strain everywhere and nothing that is not affine.</summary>
    [Fact]
    public void A_deformed_crystal_has_its_closed_form()
    {
        foreach (int repeat in (int[])[1, 3])
        {
            Lattice crystal = Lattice.Named("fcc", repeat);
            Lattice sheared = crystal.Mapped(r => new(1.02 * r.X + 0.05 * r.Y, 0.99 * r.Y - 0.01 * r.Z, r.Z));
            using AnalysisFrame frame = new("strain:cutoff=3.1");
            frame.Run(crystal).Run(sheared);
            double[] expected =
            [
                (1.02 * 1.02 - 1) / 2, (0.05 * 0.05 + 0.99 * 0.99 - 1) / 2, 0.01 * 0.01 / 2, 1.02 * 0.05 / 2, 0, -0.99 * 0.01 / 2,
            ];
            for (int k = 0; k < 6; k++)
                Assert.All(frame.Column($"strain[{k + 1}]"), value => Assert.Equal(expected[k], value, Tolerance.ClosedForm));
            Assert.All(frame.Column("d2min"), value => Assert.Equal(0, value, Tolerance.ClosedForm));
            Assert.Equal((expected[0] + expected[1] + expected[2]) / 3, frame.Global("volumetric_strain_mean"), 1e-11);
            using AnalysisFrame mapped = new("strain:cutoff=3.1,mapping=affine");
            Assert.Equal(0, mapped.Run(crystal).Run(sheared).Global("shear_strain_mean"), 1e-11);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Fast_equals_reference_on_any_number_of_threads_and_ranks(int seed)
    {
        const double Cutoff = 3.9;
        Lattice before = Lattice.Named(seed % 2 == 0 ? "hcp" : "bcc", 4).Rattled(0.05, seed);
        Lattice now = before.Mapped(r => new(1.1 * r.X, r.Y + 0.1 * r.X, 0.95 * r.Z)).Rattled(0.1, seed + 1);
        // One atom has wandered to where no rank but one sees it.
        now.Positions[7] += (now.Box.A + now.Box.B) * 0.4;
        using AnalysisFrame one = new($"strain:cutoff={Cutoff}", 3);
        one.Run(before).Run(now);
        var expected = Enumerable.Range(0, now.Positions.Length)
            .Select(i => ReferenceStrain.Of(before.Positions, before.Box, now.Positions, now.Box, i, Cutoff)).ToArray();
        Tolerance.AssertClose([.. expected.Select(e => e.D2Min)], one.Column("d2min"), 1e-10, $"seed {seed}");
        Tolerance.AssertClose([.. expected.Select(e => Green(e.F, 0, 0))], one.Column("strain[1]"), 1e-10, $"seed {seed}");
        Tolerance.AssertClose([.. expected.Select(e => Green(e.F, 1, 2))], one.Column("strain[6]"), 1e-10, $"seed {seed}");
        foreach (int count in (int[])[1, 2, 4])
        {
            using RankedFrame ranks = new($"strain:cutoff={Cutoff}", count);
            ranks.Run(before, nearestRange: 3).Run(now, nearestRange: 3);
            foreach (string column in (string[])["shear_strain", "volumetric_strain", "d2min", "strain[4]"])
                Tolerance.AssertClose(one.Column(column), ranks.Column(column), 1e-11, $"{column}, {count} ranks, seed {seed}");
            Assert.Equal(0, ranks.Global("strain_unknown_atoms"));
        }

        static double Green(double[,] f, int a, int b) =>
            (f[0, a] * f[0, b] + f[1, a] * f[1, b] + f[2, a] * f[2, b] - (a == b ? 1 : 0)) / 2;
    }

    [Fact]
    public void Atoms_that_are_gone_new_or_in_a_plane_do_not_disturb()
    {
        Lattice crystal = Lattice.Named("fcc", 2);
        long[] ids = [.. crystal.Positions.Select((_, i) => i + 1L)];
        ids[0] = 1000;
        foreach (int count in (int[])[1, 2])
        {
            using RankedFrame frame = new("strain:cutoff=3", count, ReferenceFrames.Of(crystal));
            frame.Run(crystal).Run(crystal, ids: ids);
            Assert.Equal((0, 1), (frame.Global("shear_strain_mean"), frame.Global("strain_unknown_atoms")));
            Vec3[] square = [new(1, 1, 1), new(2, 1, 1), new(1, 2, 1), new(2, 2, 1)];
            Lattice plane = new("plane", Box.Orthogonal(9, 9, 9, periodic: false), square);
            using RankedFrame flat = new("strain:cutoff=3", count);
            Assert.Equal(4, flat.Run(plane).Global("strain_unknown_atoms"));
        }
    }

    [Fact]
    public void Frames_without_atoms_do_not_fail()
    {
        using AnalysisFrame frame = new("strain:cutoff=3");
        frame.Run(new("none", Box.Orthogonal(9, 9, 9), []));
        Assert.Equal(1, frame.Run(new("one", Box.Orthogonal(9, 9, 9), [new(1, 2, 3)])).Global("strain_unknown_atoms"));
    }
}
