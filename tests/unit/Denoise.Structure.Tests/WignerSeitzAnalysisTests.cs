using System.Text.Json;
using Denoise.Atoms;
using Denoise.TestSupport;

namespace Denoise.Structure.Tests;

public sealed class WignerSeitzAnalysisTests
{
    public static TheoryData<int> Seeds => new(Lattice.Seeds);

    [SharedFact]
    public void Occupancies_are_those_of_ovito()
    {
        using JsonDocument file = JsonDocument.Parse(File.ReadAllText(SharedReference.Path("ovito/wigner_seitz.json")));
        double[] Numbers(string key) => [.. file.RootElement.GetProperty(key).EnumerateArray().Select(v => v.GetDouble())];
        string[] elements = ["Co", "Cr", "Ni"];
        (Lattice reference, int[] siteTypes) = XyzFile.Read("wigner_seitz_reference.xyz", elements);
        (Lattice current, int[] types) = XyzFile.Read("wigner_seitz_current.xyz", elements);
        foreach (int ranks in (int[])[1, 3])
        {
            // OVITO numbers sites from 0 and names their types.
            using RankedFrame frame = new("wigner-seitz:reference=any,mapping=affine", ranks, ReferenceFrames.Of(reference, siteTypes));
            frame.Run(current, types: types);
            Assert.Equal(file.RootElement.GetProperty("vacancy_count").GetDouble(), frame.Global("vacancies"));
            Assert.Equal(file.RootElement.GetProperty("interstitial_count").GetDouble(), frame.Global("interstitials"));
            Assert.Equal(Numbers("atom_site_index"), frame.Column("site").Select(site => site - 1));
            Assert.Equal(Numbers("atom_occupancy"), frame.Column("site_occupancy"));
            Assert.Equal(file.RootElement.GetProperty("atom_site_type").EnumerateArray().Select(e => e.GetString()),
                frame.Column("site_type").Select(type => elements[(int)type - 1]));
        }
    }

    [Fact]
    public void A_Frenkel_pair_and_an_exchange_are_found()
    {
        Lattice crystal = Lattice.Named("fcc", 4);
        int[] types = [.. crystal.Positions.Select((_, i) => 1 + i % 2)];
        Lattice hot = crystal.Rattled(0.1, 3);
        // Atom 10 goes to an octahedral site beside atom 100, and atoms 50 and 51 change places.
        hot.Positions[10] = crystal.Positions[100] + new Vec3(1.75, 0, 0);
        (hot.Positions[50], hot.Positions[51]) = (hot.Positions[51], hot.Positions[50]);
        foreach (int ranks in (int[])[1, 2, 4])
        {
            using RankedFrame frame = new("wigner-seitz", ranks);
            frame.Run(crystal, types: types);
            Assert.Equal((0, 0, 0), (frame.Global("vacancies"), frame.Global("interstitials"), frame.Global("antisites")));
            Assert.Equal(Enumerable.Range(1, types.Length).Select(id => (double)id), frame.Column("site"));
            frame.Run(hot, types: types);
            Assert.Equal((1, 1, 2), (frame.Global("vacancies"), frame.Global("interstitials"), frame.Global("antisites")));
            Assert.Equal(2, frame.Column("site_occupancy").Count(o => o == 2));
            Assert.Equal(2, frame.Column("site_occupancy")[10]);
            Assert.Equal((52, 51), (frame.Column("site")[50], frame.Column("site")[51]));
        }
    }

    [Fact]
    public void Antisites_are_counted_by_type()
    {
        Lattice crystal = Lattice.Named("fcc", 4);
        int[] sites = [.. crystal.Positions.Select((_, i) => 1 + i % 3)], types = [.. sites];
        // Places of types 1, 2, 3, 1, 2, 3.
        (types[9], types[10]) = (types[10], types[9]);
        (types[12], types[13], types[14]) = (3, 1, 2);
        types[15] = 2;
        foreach (int ranks in (int[])[1, 2, 4])
        {
            using RankedFrame frame = new("wigner-seitz:types=3", ranks);
            frame.Run(crystal, types: sites);
            frame.Run(crystal.Rattled(0.1, 3), types: types);
            Assert.Equal(6, frame.Global("antisites"));
            double[] counts = [.. frame.Analysis.Globals.Skip(3).Select(global => frame.Global(global.Name))];
            Assert.Equal(["antisites_1_on_2", "antisites_1_on_3", "antisites_2_on_1", "antisites_2_on_3", "antisites_3_on_1",
                "antisites_3_on_2"], frame.Analysis.Globals.Skip(3).Select(global => global.Name));
            Assert.Equal([2, 0, 2, 1, 1, 0], counts);
        }
    }

    /// <summary>In boxes of any shape and periodicity, with atoms far outside too; the lowest of equally near sites.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_nearest_of_all_images_of_all_sites_is_found(int seed)
    {
        Random random = new(seed);
        double Some(double size) => size * (random.NextDouble() - 0.5);
        Vec3 Any(double size) => new(Some(size), Some(size), Some(size));
        Box box = new(new Vec3(6, 0, 0) + Any(3), new Vec3(0, 9, 0) + Any(5), new Vec3(0, 0, 4) + Any(3), Any(5),
            random.Next(4) > 0, random.Next(4) > 0, random.Next(4) > 0);
        int sites = random.Next(1, 40);
        Lattice reference = new("sites", box, [.. Enumerable.Range(0, sites).Select(_ => box.ToCartesian(Any(3)))]);
        Lattice atoms = new("atoms", box, [.. Enumerable.Range(0, 100).Select(_ => box.ToCartesian(Any(5)))]);
        using AnalysisFrame frame = new("wigner-seitz:reference=any", 2, ReferenceFrames.Of(reference));
        double[] found = frame.Run(atoms, nearestRange: 1).Column("site");
        for (int i = 0; i < atoms.Positions.Length; i++)
        {
            double[] squares = [.. reference.Positions.Select(site => Least(site - atoms.Positions[i]))];
            Assert.Equal(squares.Min(), squares[(int)found[i] - 1], 1e-9);
        }

        double Least(Vec3 d)
        {
            double least = double.PositiveInfinity;
            Vec3 f = box.ToFractional(d + box.Origin);
            d -= Along(Math.Round(f.X), Math.Round(f.Y), Math.Round(f.Z));
            for (int code = 0; code < 7 * 7 * 7; code++)
            {
                Vec3 image = d + Along(code % 7 - 3, code / 7 % 7 - 3, code / 49 - 3);
                least = Math.Min(least, Vec3.Dot(image, image));
            }

            return least;
        }

        Vec3 Along(double a, double b, double c) =>
            box.A * (box.PeriodicA ? a : 0) + box.B * (box.PeriodicB ? b : 0) + box.C * (box.PeriodicC ? c : 0);
    }

    /// <summary>An atom in the middle of six sites belongs to that of the lowest id, in whatever order atoms and sites come.</summary>
    [Fact]
    public void Of_equally_near_sites_the_lowest_is_taken()
    {
        Lattice crystal = Lattice.Named("fcc", 3);
        Random random = new(1);
        for (int trial = 0; trial < 10; trial++)
        {
            long[] ids = [.. crystal.Positions.Select((_, i) => i + 1L)];
            random.Shuffle(ids);
            Vec3 hole = crystal.Positions[random.Next(ids.Length)] + new Vec3(0, 0, 1.8);
            using AnalysisFrame frame = new("wigner-seitz:reference=any", read: ReferenceFrames.Of(crystal, ids: ids));
            frame.Run(crystal with { Positions = [hole] });
            long expected = Enumerable.Range(0, ids.Length).Where(i => IsCorner(crystal.Positions[i] - hole)).Min(i => ids[i]);
            Assert.Equal(expected, frame.Column("site")[0]);
        }

        bool IsCorner(Vec3 d)
        {
            Vec3 f = crystal.Box.ToFractional(d);
            return Math.Abs((d - crystal.Box.ToCartesian(new(Math.Round(f.X), Math.Round(f.Y), Math.Round(f.Z)))).Length - 1.8) < 1e-6;
        }
    }

    [Fact]
    public void Frames_without_atoms_are_all_vacancies()
    {
        using AnalysisFrame frame = new("wigner-seitz");
        frame.Run(Lattice.Named("fcc", 1));
        frame.Run(new("none", Box.Orthogonal(9, 9, 9), []));
        Assert.Equal((4, 0), (frame.Global("vacancies"), frame.Global("interstitials")));
        using AnalysisFrame empty = new("wigner-seitz");
        empty.Run(new("none", Box.Orthogonal(9, 9, 9), []));
        empty.Run(Lattice.Named("fcc", 1));
        Assert.Equal((0, 0), (empty.Global("vacancies"), empty.Global("interstitials")));
    }
}
