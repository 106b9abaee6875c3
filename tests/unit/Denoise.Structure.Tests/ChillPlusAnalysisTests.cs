using System.Globalization;
using System.IO.Compression;
using Denoise.Atoms;
using Denoise.Structure.Reference;
using Denoise.Structure.Water;
using Denoise.TestSupport;

namespace Denoise.Structure.Tests;

public sealed class ChillPlusAnalysisTests
{
    // Oxygens of ice, 2.75 Å apart.
    private const double Bond = 2.75;

    public static TheoryData<int> Seeds => new(Lattice.Seeds);

    [SharedFact]
    public void Labels_equal_the_published_ones()
    {
        (Lattice lattice, int[] expected) = Published();
        int[] actual = Labels(lattice, "chill+");
        Assert.Equal(8000, actual.Length);
        int[] different = [.. Enumerable.Range(0, actual.Length).Where(i => actual[i] != expected[i])];
        Assert.True(different.Length <= 1, $"{different.Length} are different");
        // Coordinates were published to four digits; what differs hangs on the fifth.
        var random = new Random(1);
        foreach (int atom in different)
        {
            bool IsFound() => Labels(lattice.Moved(() => 1e-4 * (random.NextDouble() - 0.5)), "chill+")[atom] == expected[atom];
            Assert.True(Enumerable.Range(0, 20).Any(_ => IsFound()), $"atom {atom} is {actual[atom]}, not {expected[atom]}");
        }
    }

    [Fact]
    public void Perfect_ices_have_their_type()
    {
        for (int repeat = 1; repeat <= 3; repeat++)
        {
            Assert.All(Labels(Cubic(repeat), "chill+"), label => Assert.Equal((int)WaterType.CubicIce, label));
            Assert.All(Labels(Hexagonal(repeat), "chill+:cutoff=3.4"), label => Assert.Equal((int)WaterType.HexagonalIce, label));
        }

        // Without a bond in reach, and with all second neighbors.
        Assert.All(Labels(Cubic(2), "chill+:cutoff=2.7"), label => Assert.Equal(0, label));
        Assert.All(Labels(Cubic(2), "chill+:cutoff=4.6"), label => Assert.Equal(0, label));
    }

    [Fact]
    public void Other_atoms_make_no_difference()
    {
        Lattice oxygens = Hexagonal(2).Rattled(0.1, 3);
        var random = new Random(1);
        Vec3[] hydrogens = [.. oxygens.Positions.Select(r => r + new Vec3(random.NextDouble(), random.NextDouble(), 0.9))];
        Lattice both = oxygens with { Positions = [.. hydrogens, .. oxygens.Positions] };
        int[] types = [.. hydrogens.Select(_ => 1), .. oxygens.Positions.Select(_ => 2)];
        using AnalysisFrame frame = new("chill+:type=2");
        int[] labels = [.. frame.Run(both, types: types).Column("chill_plus").Select(label => (int)label)];
        Assert.All(labels[..hydrogens.Length], label => Assert.Equal(0, label));
        Assert.Equal(Labels(oxygens, "chill+"), labels[hydrogens.Length..]);
        using RankedFrame ranked = new("chill+:type=2", 3);
        Assert.Equal(labels, ranked.Run(both, types: types).Column("chill_plus").Select(label => (int)label));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Fast_equals_reference(int seed)
    {
        foreach (double sigma in (double[])[0.05, 0.15, 0.25])
        {
            foreach (Lattice ice in (Lattice[])[Cubic(2), Hexagonal(2)])
            {
                Lattice lattice = ice.Rattled(sigma, seed);
                int[] expected = [.. ReferenceChillPlus.Of(lattice.Positions, lattice.Box, 3.5).Select(type => (int)type)];
                Assert.Equal(expected, Labels(lattice, "chill+"));
                Assert.Equal(expected, Labels(lattice, "chill+", threads: 3));
                using RankedFrame frame = new("chill+", 2);
                Assert.Equal(expected, frame.Run(lattice).Column("chill_plus").Select(label => (int)label));
            }
        }
    }

    [Fact]
    public void Few_atoms_are_other()
    {
        var open = Box.Orthogonal(1, 1, 1, periodic: false);
        for (int count = 0; count < 4; count++)
            Assert.All(Labels(new("few", open, Cubic(1).Positions[..count]), "chill+"), label => Assert.Equal(0, label));
    }

    [Fact]
    public void Later_frames_allocate_nothing()
    {
        using AnalysisFrame frame = new("chill+", threads: 2);
        frame.Run(Cubic(4).Rattled(0.1, 1));
        Assert.Equal(0, Allocations.AfterTheFirst(frame.Again));
    }

    [Theory]
    [InlineData("chill+:type=0", "a whole number from 1")]
    [InlineData("chill+:cutoff=0", "a positive distance")]
    public void What_is_wrong_is_said(string text, string expected)
    {
        string message = Assert.Throws<InputException>(() => new AnalysisFrame(text).Dispose()).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    private static Lattice Cubic(int repeat)
    {
        double scale = Bond / (5.4 * Math.Sqrt(3) / 4);
        return Lattice.Named("diamond", repeat).Mapped(r => r * scale);
    }

    private static Lattice Hexagonal(int repeat) => Lattice.Hexagonal("ice", Math.Sqrt(8.0 / 3) * Bond, 8.0 / 3 * Bond, repeat,
        new(1.0 / 3, 2.0 / 3, 0.0625), new(1.0 / 3, 2.0 / 3, 0.4375), new(2.0 / 3, 1.0 / 3, 0.5625), new(2.0 / 3, 1.0 / 3, 0.9375));

    private static int[] Labels(Lattice lattice, string text, int threads = 1)
    {
        using AnalysisFrame frame = new(text, threads);
        return [.. frame.Run(lattice).Column("chill_plus").Select(label => (int)label)];
    }

    private static (Lattice Lattice, int[] Labels) Published()
    {
        using FileStream file = File.OpenRead(SharedReference.Path("ice/chill_plus.txt.gz"));
        using var reader = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        const double Edge = 63.0450810112;
        var atoms = new List<Vec3>();
        var labels = new List<int>();
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
                continue;
            double[] values = [.. line.Split(' ').Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
            atoms.Add(new(values[0], values[1], values[2]));
            labels.Add((int)values[3]);
        }

        return (new("water", Box.Orthogonal(Edge, Edge, Edge), [.. atoms]), [.. labels]);
    }
}
