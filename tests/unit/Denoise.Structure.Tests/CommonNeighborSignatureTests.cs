using Denoise.Atoms;
using Denoise.Neighbors.Reference;
using Denoise.Structure.Reference;

namespace Denoise.Structure.Tests;

public sealed unsafe class CommonNeighborSignatureTests
{
    /// <summary>Which of the tied second neighbors of a simple cubic atom are taken must not matter: none of the choices is a crystal.</summary>
    [Fact]
    public void No_choice_among_tied_neighbors_of_simple_cubic_is_a_crystal()
    {
        Vec3[] first = [new(1, 0, 0), new(-1, 0, 0), new(0, 1, 0), new(0, -1, 0), new(0, 0, 1), new(0, 0, -1)];
        Vec3[] second = [.. from a in (double[])[-1, 1] from b in (double[])[-1, 1] from v in (Vec3[])[new(a, b, 0), new(a, 0, b), new(0, a, b)] select v];
        for (int choice = 0; choice < 1 << 12; choice++)
        {
            int chosen = int.PopCount(choice);
            if (chosen is not (6 or 8))
                continue;
            var shell = first.Concat(second.Where((_, k) => (choice >> k & 1) != 0)).Select((v, k) => new ReferenceNeighbors.Neighbor(k, v));
            double sum = chosen == 6 ? 6 + 6 * Math.Sqrt(2) : (6 + 2 * Math.Sqrt(2)) * 2 / Math.Sqrt(3) + 6 * Math.Sqrt(2);
            Assert.Equal(StructureType.Other, ReferenceCommonNeighbors.Classify(shell, 1.2071 * sum / (6 + chosen)));
        }
    }

    /// <summary>Random graphs, among them many with clusters that degrees alone cannot tell apart (two triangles, a ring of six).</summary>
    [Theory]
    [InlineData(12)]
    [InlineData(14)]
    public void Bit_masks_equal_sets_on_graphs_near_those_of_the_crystals(int count)
    {
        foreach (int seed in Lattice.Seeds)
        {
            var random = new Random(seed);
            for (int trial = 0; trial < 300; trial++)
            {
                // A real shell whose atoms are moved: from hardly to beyond recognition.
                string name = ((string[])["fcc", "hcp", "bcc"])[random.Next(3)];
                Vec3[] shell = Shell(name, count);
                double sigma = 0.25 * random.NextDouble();
                var neighbors = shell.Select((v, k) => new ReferenceNeighbors.Neighbor(k,
                    v + new Vec3(sigma * (random.NextDouble() - .5), sigma * (random.NextDouble() - .5), sigma * (random.NextDouble() - .5)))).ToArray();
                double cutoff = 1.2071 * neighbors.Average(n => Math.Sqrt(n.DistanceSquared)) * (0.9 + 0.2 * random.NextDouble());
                Assert.Equal(ReferenceCommonNeighbors.Classify(neighbors, cutoff), Fast(neighbors, cutoff));
            }
        }
    }

    private static Vec3[] Shell(string name, int count)
    {
        Lattice lattice = Lattice.Named(name, 1);
        var nearest = ReferenceNeighbors.Within(lattice.Positions, lattice.Box, 0, 4.5).OrderBy(n => n.DistanceSquared).Take(count);
        return [.. nearest.Select(n => n.Vector * (1 / 2.5))];
    }

    private static StructureType Fast(ReferenceNeighbors.Neighbor[] shell, double cutoff)
    {
        ushort* bonds = stackalloc ushort[BondMatrix.Capacity];
        double* x = stackalloc double[48], y = x + 16, z = y + 16;
        for (int k = 0; k < shell.Length; k++)
            (x[k], y[k], z[k]) = (shell[k].Vector.X, shell[k].Vector.Y, shell[k].Vector.Z);
        float* narrow = stackalloc float[48];
        BondMatrix.Narrow(x, y, z, narrow);
        bool twelve = shell.Length == CommonNeighborSignature.ClosePacked;
        AllowedBonds allowed = twelve ? CommonNeighborSignature.BondsOfTwelve : CommonNeighborSignature.BondsOfFourteen;
        double farthest = shell.Max(n => n.DistanceSquared);
        if (!BondMatrix.Fill(narrow, x, y, z, shell.Length, farthest, cutoff * cutoff, allowed, bonds))
            return StructureType.Other;
        return twelve ? CommonNeighborSignature.OfTwelve(bonds) : CommonNeighborSignature.OfFourteen(bonds);
    }
}
