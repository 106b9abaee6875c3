using Denoise.Atoms;
using Denoise.TestSupport;
using Denoise.Training.Sampling;
using Denoise.Training.Structures;
using Denoise.Training.Structures.Ice;
using Denoise.Trajectories;

namespace Denoise.Training.Tests.Structures;

public class IceStructuresTests
{
    public static TheoryData<string> Names => [.. IceStructures.All.Select(ice => ice.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_bond_has_one_hydrogen_and_every_oxygen_two(string name)
    {
        IceLattice ice = Repeated(name, 2);
        for (int seed = 1; seed <= 10; seed++)
        {
            var random = new RandomStream(seed, 0, 0);
            Vec3[] directions = ice.Draw(ref random);
            Assert.Equal(2 * ice.Oxygens.Length, directions.Length);
            // Where the hydrogens point lies another oxygen, and no two of them have the bond between them.
            HashSet<(int, int, long, long, long)> bonds = [];
            for (int k = 0; k < directions.Length; k++)
            {
                (int to, Vec3 d, double cosine) = Towards(ice, k / 2, directions[k]);
                Assert.True(cosine > (name == "ice-II" ? 0.98 : 1 - 1e-9),
                    $"seed {seed}: hydrogen {k} is {Math.Acos(cosine):g3} off its bond");
                Vec3 middle = ice.Box.ToFractional(ice.Oxygens[k / 2] + d * 0.5);
                long Part(double f) => (long)Math.Round((f - Math.Floor(f + 1e-6)) * 1e4);
                Assert.True(bonds.Add((Math.Min(k / 2, to), Math.Max(k / 2, to), Part(middle.X), Part(middle.Y), Part(middle.Z))),
                    $"seed {seed}: two hydrogens on the bond {k / 2}-{to}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_dipole_is_zero(string name)
    {
        IceLattice ice = Repeated(name, 2);
        for (int seed = 1; seed <= 10; seed++)
        {
            var random = new RandomStream(seed, 0, 0);
            Assert.True(ProtonOrder.Dipole(ice.Draw(ref random)).Length < 1e-6, $"seed {seed}");
        }
    }

    [Theory]
    [InlineData("ice-Ih", false)]
    [InlineData("ice-Ic", false)]
    [InlineData("ice-VII", false)]
    [InlineData("ice-II", true)]
    public void Hydrogens_are_arranged_anew_unless_they_are_ordered(string name, bool isOrdered)
    {
        IceLattice ice = Repeated(name, 2);
        RandomStream one = new(1, 0, 0), other = new(2, 0, 0);
        Assert.Equal(isOrdered, ice.Draw(ref one).SequenceEqual(ice.Draw(ref other)));
    }

    [SharedTheory]
    [InlineData("ice-Ih", "Ih", 0.03)]
    [InlineData("ice-Ic", "Ic", 0.03)]
    [InlineData("ice-II", "II", 0.03)]
    [InlineData("ice-III", "III", 0.06)]
    [InlineData("ice-VI", "VI", 0.03)]
    [InlineData("ice-VII", "VII", 0.03)]
    [InlineData("sI", "sI", 0.03)]
    public void Distances_between_oxygens_are_those_of_published_cells(string name, string file, double tolerance)
    {
        using var reader = TrajectoryReader.Open(SharedReference.Path(Path.Combine("ice", file + ".cif")));
        using var frame = new Frame();
        Assert.True(reader.Read(frame));
        Vec3[] published = [.. Enumerable.Range(0, (int)frame.Count).Where(i => frame.ElementOf(frame.Types[i]) == "O")
            .Select(i => new Vec3(frame.Positions[3 * i], frame.Positions[3 * i + 1], frame.Positions[3 * i + 2]))];
        IceLattice ice = Repeated(name, 1);
        Assert.Equal(published.Length / frame.Box.Volume, ice.Oxygens.Length / ice.Box.Volume, 2e-4);
        double[] expected = Distances(frame.Box, published), actual = Distances(ice.Box, ice.Oxygens);
        // In the mean over the molecules: published oxygens are off their sites, to all sides.
        foreach (Range shell in new[] { ..4, 4.. })
            Assert.Equal(expected[shell].Average(), actual[shell].Average(), tolerance);
    }

    private static IceLattice Repeated(string name, int copies) => new(PrototypeLibrary.Get(name).Ice!, [copies, copies, copies]);

    private static double[] Distances(Box box, Vec3[] sites)
    {
        var sums = new double[16];
        foreach (Vec3 center in sites)
        {
            double[] sorted = [.. sites.SelectMany(site => Images(box, site - center))
                .Select(d => d.Length).Where(d => d > 1e-6).Order().Take(16)];
            for (int k = 0; k < 16; k++)
                sums[k] += sorted[k] / sites.Length;
        }

        return sums;
    }

    private static (int To, Vec3 D, double Cosine) Towards(IceLattice ice, int from, Vec3 direction) =>
        ice.Oxygens.SelectMany((site, to) => Images(ice.Box, site - ice.Oxygens[from]).Select(d => (to, d)))
            .Where(near => near.d.Length is > 1e-6 and < 3.1)
            .Select(near => (near.to, near.d, Vec3.Dot(near.d, direction) / near.d.Length / direction.Length)).MaxBy(near => near.Item3);

    private static IEnumerable<Vec3> Images(Box box, Vec3 d)
    {
        Vec3 f = box.ToFractional(d + box.Origin);
        f = new(f.X - Math.Round(f.X), f.Y - Math.Round(f.Y), f.Z - Math.Round(f.Z));
        for (int n = 0; n < 27; n++)
            yield return box.ToCartesian(f + new Vec3(n / 9 - 1, n / 3 % 3 - 1, n % 3 - 1)) - box.Origin;
    }
}
