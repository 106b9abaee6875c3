using Denoise.Atoms;
using Denoise.Structure.PlanarFaults;
using Denoise.Structure.Reference;
using Denoise.TestSupport;

namespace Denoise.Structure.Tests;

public sealed class PlanarFaultAnalysisTests
{
    private const double Bond = 2.55;

    public static TheoryData<int> Seeds => new(Lattice.Seeds);

    [Theory]
    [InlineData("fcc", "ABCABCABC", "000000000")]
    [InlineData("hcp", "ABABAB", "444444")]
    [InlineData("a layer taken out", "ABCABCBCABCABC", "00000220000000")]
    [InlineData("a layer put in", "ABCABCBABCABC", "0000050500000")]
    [InlineData("two twin boundaries", "ABCABCBACB", "3000030000")]
    [InlineData("three hcp layers and a twin boundary", "ABCABCBCBACB", "300004440000")]
    [InlineData("dhcp", "ABAC", "0505")]
    public void Stacks_have_their_faults(string what, string layers, string expected)
    {
        Lattice stack = Stack(layers, 2);
        Assert.Equal(expected, ExpectedOf(layers));
        Check(stack, "as built");
        Check(stack.Rattled(0.05, 1), "rattled");
        double c = Math.Cos(0.7), s = Math.Sin(0.7);
        Check(stack.Mapped(r => new(c * r.X - s * r.Z, r.Y, s * r.X + c * r.Z)), "rotated");
        Check(stack.Mapped(r => new(r.X + 0.05 * r.Z, 1.03 * r.Y, 0.98 * r.Z)), "strained");

        void Check(Lattice lattice, string how)
        {
            int[] labels = Labels(lattice);
            for (int i = 0; i < labels.Length; i++)
                Assert.True(labels[i] == LabelOf(expected, i), $"{what}, {how}: atom {i} is {(PlanarFaultType)labels[i]}");
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Random_stacks_have_the_faults_that_their_sequence_tells(int seed)
    {
        var random = new Random(seed);
        string layers;
        do
        {
            layers = "A";
            while (layers.Length < 17)
                layers += "ABC"["ABC".IndexOf(layers[^1]) is var last && random.Next(3) < 2 ? (last + 1) % 3 : (last + 2) % 3];
        }
        while (layers[^1] == layers[0]);
        string expected = ExpectedOf(layers);
        Lattice lattice = Stack(layers, 2).Rattled(0.04, seed);
        Assert.Equal([.. Enumerable.Range(0, lattice.Positions.Length).Select(i => LabelOf(expected, i))], Labels(lattice));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Fast_equals_reference(int seed)
    {
        foreach (string layers in (string[])["ABCABCBABCABC", "ABCABCBCABCABC", "ABCABABCABC", "ABCABCBACB"])
        {
            foreach (double sigma in (double[])[0.05, 0.12, 0.16])
            {
                Lattice built = Stack(layers, 3);
                // A vacancy in the fault, and atoms that the motion takes out of their structure.
                Lattice lattice = built.Rattled(sigma, seed) with { Positions = [.. built.Rattled(sigma, seed).Positions.Skip(7)] };
                StructureType[] structures = [.. Identified.Types(lattice).Select(type => (StructureType)type)];
                int[] expected = [.. ReferencePlanarFaults.Of(lattice.Positions, lattice.Box, structures, 7).Select(type => (int)type)];
                Assert.Equal(expected, Labels(lattice));
                Assert.Equal(expected, Labels(lattice, threads: 3));
                for (int ranks = 2; ranks <= 3; ranks++)
                {
                    using RankedFrame frame = new("faults", ranks);
                    Assert.Equal(expected, frame.Run(lattice).Column("planar_fault").Select(label => (int)label));
                }
            }
        }
    }

    [Fact]
    public void Counts_are_those_of_the_labels()
    {
        using AnalysisFrame frame = new("faults");
        frame.Run(Stack("ABCABCBCABCABC", 2));
        Assert.Equal(16, frame.Global("faults_intrinsic"));
        Assert.Equal(0, frame.Global("faults_twin"));
    }

    [Fact]
    public void Other_crystals_and_few_atoms_have_none()
    {
        foreach (string name in (string[])["fcc", "bcc", "diamond", "random"])
            Assert.All(Labels(Lattice.Named(name, 2)), label => Assert.Equal(0, label));
        var open = Box.Orthogonal(1, 1, 1, periodic: false);
        for (int count = 0; count < 14; count++)
            Assert.All(Labels(new("few", open, Lattice.Named("hcp", 3).Positions[..count])), label => Assert.Equal(0, label));
    }

    [Fact]
    public void Later_frames_allocate_nothing()
    {
        using AnalysisFrame frame = new("faults", threads: 2);
        frame.Run(Stack("ABCABCBABCABC", 4).Rattled(0.1, 1));
        Assert.Equal(0, Allocations.AfterTheFirst(frame.Again));
    }

    /// <summary>Close-packed layers, one atom each in a cell, repeated in all directions.</summary>
    private static Lattice Stack(string layers, int repeat) => Lattice.Hexagonal(
        layers, Bond, layers.Length * Math.Sqrt(2.0 / 3) * Bond, repeat,
        [.. layers.Select((layer, k) => new Vec3((layer - 'A') / 3.0, (layer - 'A') * 2 / 3.0, (k + 0.3) / layers.Length))]);

    /// <summary>The label of each layer: runs of hcp layers, those between two alike, and their lengths.</summary>
    private static string ExpectedOf(string layers)
    {
        int count = layers.Length;
        int At(int k) => ((k % count) + count) % count;
        bool IsHcp(int k) => layers[At(k - 1)] == layers[At(k + 1)];
        int Run(int k, int step)
        {
            int length = 0;
            while (length < count && IsHcp(k + step * (length + 1)))
                length++;
            return length;
        }

        return string.Concat(Enumerable.Range(0, count).Select(k => !IsHcp(k) ? 0 : (1 + Run(k, 1) + Run(k, -1)) switch
        {
            1 when (!IsHcp(k + 1) && IsHcp(k + 2)) || (!IsHcp(k - 1) && IsHcp(k - 2)) => 5,
            1 => 3,
            2 => 2,
            _ => 4,
        }));
    }

    private static int LabelOf(string expected, int atom) => expected[atom % expected.Length] - '0';

    private static int[] Labels(Lattice lattice, int threads = 1)
    {
        using AnalysisFrame frame = new("faults", threads);
        return [.. frame.Run(lattice).Column("planar_fault").Select(label => (int)label)];
    }
}
