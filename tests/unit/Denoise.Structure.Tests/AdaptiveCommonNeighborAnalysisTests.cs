using System.Text.Json;
using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.TestSupport;

namespace Denoise.Structure.Tests;

public sealed unsafe class AdaptiveCommonNeighborAnalysisTests
{
    public static TheoryData<int> Seeds => new(Lattice.Seeds);

    [SharedFact]
    public void Labels_equal_the_published_ones()
    {
        using JsonDocument file = JsonDocument.Parse(File.ReadAllText(SharedReference.Path("acna-labels.json")));
        int cases = 0;
        foreach (JsonElement entry in file.RootElement.GetProperty("cases").EnumerateArray())
        {
            Vec3[] cell = [.. entry.GetProperty("cell").EnumerateArray().Select(ToVec3)];
            var lattice = new Lattice(entry.GetProperty("name").GetString()!, new(cell[0], cell[1], cell[2], default, true, true, true),
                [.. entry.GetProperty("positions").EnumerateArray().Select(ToVec3)]);
            int[] expected = [.. entry.GetProperty("labels").EnumerateArray().Select(label => label.GetInt32())];
            Identified.AssertEqual(expected, Identified.Types(lattice), lattice.Name);
            Identified.AssertEqual(expected, Identified.ReferenceTypes(lattice), $"{lattice.Name}, reference");
            cases++;
        }

        Assert.Equal(11, cases);

        static Vec3 ToVec3(JsonElement e) => new(e[0].GetDouble(), e[1].GetDouble(), e[2].GetDouble());
    }

    [Theory]
    [InlineData("fcc", StructureType.Fcc)]
    [InlineData("hcp", StructureType.Hcp)]
    [InlineData("bcc", StructureType.Bcc)]
    [InlineData("sc", StructureType.Other)]
    [InlineData("diamond", StructureType.Other)]
    public void Perfect_crystals_have_their_type(string name, StructureType type)
    {
        for (int repeat = 1; repeat <= 4; repeat++)
        {
            Lattice lattice = Lattice.Named(name, repeat);
            int[] expected = [.. lattice.Positions.Select(_ => (int)type)];
            Identified.AssertEqual(expected, Identified.Types(lattice), $"{name}, {repeat} cells");
            Identified.AssertEqual(expected, Identified.ReferenceTypes(lattice), $"{name}, {repeat} cells, reference");
        }
    }

    [Fact]
    public void The_center_of_an_icosahedron_is_icosahedral()
    {
        double golden = (1 + Math.Sqrt(5)) / 2;
        var atoms = new List<Vec3> { new(0, 0, 0) };
        foreach (double a in (double[])[-1, 1])
        {
            foreach (double b in (double[])[-golden, golden])
                atoms.AddRange([new(0, a, b), new(a, b, 0), new(b, 0, a)]);
        }

        var lattice = new Lattice("icosahedron", Box.Orthogonal(1, 1, 1, periodic: false), [.. atoms]);
        int[] expected = [(int)StructureType.Icosahedral, .. Enumerable.Repeat(0, 12)];
        Identified.AssertEqual(expected, Identified.Types(lattice, double.PositiveInfinity), "icosahedron");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Fast_equals_reference(int seed)
    {
        foreach (string name in (string[])["fcc", "hcp", "bcc", "sc", "diamond", "random"])
        {
            foreach (double sigma in (double[])[1e-9, 0.08, 0.15, 0.4])
                Check(Lattice.Named(name, 3).Rattled(sigma, seed), $"{name} rattled by {sigma}, seed {seed}");
        }

        void Check(Lattice lattice, string what) => Identified.AssertEqual(Identified.ReferenceTypes(lattice), Identified.Types(lattice), what);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Fast_equals_reference_at_surfaces_under_strain_and_in_small_cells(int seed)
    {
        foreach (string name in (string[])["fcc", "hcp", "bcc"])
        {
            Lattice bulk = Lattice.Named(name, 3).Rattled(0.05, seed);
            Check(bulk with { Box = bulk.Box with { PeriodicC = false } }, "slab");
            Check(bulk with { Box = bulk.Box with { PeriodicA = false, PeriodicB = false, PeriodicC = false } }, "particle");
            Check(bulk.Mapped(r => new(1.05 * r.X + 0.05 * r.Y, 0.97 * r.Y, r.Z - 0.04 * r.X)), "strained");
            Check(bulk with { Positions = [.. bulk.Positions.Where((_, i) => (i * 7 + seed) % 11 != 0)] }, "with vacancies");
            Check(Lattice.Named(name, 1).Rattled(0.05, seed), "one cell");
            Check(Lattice.Named(name, 2), "perfect with surfaces", double.PositiveInfinity, open: true);
            for (int count = 0; count <= 17; count++)
                Check(bulk with { Positions = bulk.Positions[..count] }, $"{count} atoms", double.PositiveInfinity, open: true);
        }

        void Check(Lattice lattice, string what, double range = 7, bool open = false)
        {
            if (open)
                lattice = lattice with { Box = Box.Orthogonal(1, 1, 1, periodic: false) };
            using GhostShell shell = Identified.Shell(lattice, double.IsFinite(range) ? range : 1);
            using var pool = new WorkerPool(1);
            using var identifier = new AdaptiveCommonNeighborAnalysis(pool);
            Identified.AssertEqual(Identified.ReferenceTypes(shell.View, range), Identified.Types(identifier, shell.View, range),
                $"{lattice.Name}, {what}, seed {seed}");
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Neighbors_beyond_the_range_do_not_exist(int seed)
    {
        foreach (string name in (string[])["fcc", "bcc"])
        {
            Lattice lattice = Lattice.Named(name, 4).Rattled(0.1, seed);
            using GhostShell shell = Identified.Shell(lattice, 7);
            using var pool = new WorkerPool(1);
            using var identifier = new AdaptiveCommonNeighborAnalysis(pool);
            foreach (double range in (double[])[1.0, 2.6, 2.9, 3.2, 3.6])
            {
                Identified.AssertEqual(Identified.ReferenceTypes(shell.View, range), Identified.Types(identifier, shell.View, range),
                    $"{name}, range {range}, seed {seed}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Types_follow_rotation_translation_permutation_and_images(int seed)
    {
        var random = new Random(seed);
        foreach (string name in (string[])["fcc", "hcp", "bcc", "sc", "random"])
        {
            // Rattled, where hardly any distance is near a limit, and perfect, where all are equal.
            foreach (double sigma in (double[])[0, 0.15])
            {
                Lattice lattice = Lattice.Named(name, 3).Rattled(sigma, seed);
                int[] expected = Identified.Types(lattice);
                string what = $"{name} rattled by {sigma}, seed {seed}";

                Identified.AssertEqual(expected, Identified.Types(lattice.Mapped(Rotation(random))), $"{what}: rotated");
                var shift = new Vec3(random.NextDouble(), 100 * random.NextDouble(), -7);
                Lattice moved = lattice with
                {
                    Box = lattice.Box with { Origin = lattice.Box.Origin + shift * 2 },
                    Positions = [.. lattice.Positions.Select(r => r + shift)],
                };
                Identified.AssertEqual(expected, Identified.Types(moved), $"{what}: translated");
                Lattice images = lattice with
                {
                    Positions = [.. lattice.Positions.Select(r => r + lattice.Box.A * random.Next(-2, 3) + lattice.Box.C * random.Next(-2, 3))],
                };
                Identified.AssertEqual(expected, Identified.Types(images), $"{what}: images");

                int[] order = [.. Enumerable.Range(0, expected.Length)];
                random.Shuffle(order);
                Lattice permuted = lattice with { Positions = [.. order.Select(i => lattice.Positions[i])] };
                Identified.AssertEqual([.. order.Select(i => expected[i])], Identified.Types(permuted), $"{what}: permuted");
                Identified.AssertEqual(expected, Identified.Types(lattice, threads: 3), $"{what}: threads");
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Later_frames_allocate_nothing(int threads)
    {
        Lattice lattice = Lattice.Named("bcc", 8).Rattled(0.1, 1);
        using GhostShell shell = Identified.Shell(lattice, 6);
        using var pool = new WorkerPool(threads);
        using var identifier = new AdaptiveCommonNeighborAnalysis(pool);
        int[] types = new int[lattice.Positions.Length];
        fixed (int* t = types)
        {
            int* named = t;
            Assert.Equal(0, Allocations.AfterTheFirst(() => identifier.Identify(shell.View, 6, named)));
        }
    }

    [Fact]
    public void Coordinates_that_are_not_finite_are_other_and_end()
    {
        Lattice lattice = Lattice.Named("fcc", 3);
        lattice.Positions[5] = new(double.NaN, 1, 1);
        lattice.Positions[6] = new(1, double.PositiveInfinity, 1);
        lattice.Positions[7] = new(1, 1, 1e300);
        int[] types = Identified.Types(lattice);
        Assert.Equal([0, 0, 0], types[5..8]);
        Assert.Contains((int)StructureType.Fcc, types);
    }

    private static Func<Vec3, Vec3> Rotation(Random random)
    {
        // A rotation from a random unit quaternion.
        double w = random.NextDouble() - .5, x = random.NextDouble() - .5, y = random.NextDouble() - .5, z = random.NextDouble() - .5;
        double n = Math.Sqrt(w * w + x * x + y * y + z * z);
        (w, x, y, z) = (w / n, x / n, y / n, z / n);
        return r => new(
            (1 - 2 * (y * y + z * z)) * r.X + 2 * (x * y - w * z) * r.Y + 2 * (x * z + w * y) * r.Z,
            2 * (x * y + w * z) * r.X + (1 - 2 * (x * x + z * z)) * r.Y + 2 * (y * z - w * x) * r.Z,
            2 * (x * z - w * y) * r.X + 2 * (y * z + w * x) * r.Y + (1 - 2 * (x * x + y * y)) * r.Z);
    }
}
