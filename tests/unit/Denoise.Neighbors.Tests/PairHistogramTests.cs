using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Neighbors.Cells;
using Denoise.Neighbors.Reference;
using Denoise.TestSupport;

namespace Denoise.Neighbors.Tests;

public sealed unsafe class PairHistogramTests
{
    private const int Labels = 3;

    public static TheoryData<string, int> Boxes => TestBoxes.All();

    public static TheoryData<int> Seeds => new(TestBoxes.Seeds);

    [Theory]
    [MemberData(nameof(Boxes))]
    public void Counts_equal_those_of_all_pairs(string name, int seed)
    {
        Box box = TestBoxes.Named(name);
        Vec3[] atoms = TestBoxes.RandomAtoms(box, seed);
        using var shell = new GhostShell();
        fixed (double* r = TestBoxes.Flat(atoms))
            shell.Build(r, atoms.Length, box, 4.5);
        foreach ((double cutoff, int bins) in (ReadOnlySpan<(double, int)>)[(0.3, 2), (2.0, 20), (3.2, 1), (4.5, 7), (4.5, 1000)])
            AssertEqualsAllPairs(shell.View, cutoff, bins, $"box {name}, seed {seed}, cutoff {cutoff}");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Counts_equal_those_of_all_pairs_far_from_the_origin_and_in_strange_arrangements(int seed)
    {
        var random = new Random(seed);
        foreach (int count in (int[])[1, 2, 3, 7, 8, 9, 100, 777])
        {
            Check("far from the origin", count, _ => new(1e7 + 20 * random.NextDouble(), -3e5 + 20 * random.NextDouble(), 5));
            Check("a plane", count, _ => new(30 * random.NextDouble(), 4, 30 * random.NextDouble()));
            Check("two distant clusters", count, i => new((i & 1) * 1e9 + 9 * random.NextDouble(), 9 * random.NextDouble(), (i & 1) * 1e6));
            Check("a cluster and evaporated atoms", count, i => i % 50 == 7
                ? new(1e12 * random.NextDouble(), -1e12 * random.NextDouble(), 1e300)
                : new(9 * random.NextDouble(), 9 * random.NextDouble(), 9 * random.NextDouble()));
            Check("not finite", count, i => new(i % 3 == 1 ? double.NaN : 5 * random.NextDouble(), i % 7 == 2 ? double.PositiveInfinity : 0, 1));
            Check("a lattice, its distances on edges of bins", count, i => new(i % 10 * 1.5, i / 10 % 10 * 1.5, i / 100 * 1.5));
        }

        void Check(string what, int count, Func<int, Vec3> atom)
        {
            fixed (double* r = TestBoxes.Flat([.. Enumerable.Range(0, count).Select(atom)]))
                AssertEqualsAllPairs(new ParticleView(r, count - count / 4, count / 4), 3.0, 30, $"{count} atoms: {what}, seed {seed}");
        }
    }

    /// <summary>Just below, at and just above an edge, next to atoms that make the single-precision coordinates coarse.</summary>
    [Fact]
    public void Distances_at_the_cutoff_and_at_edges_are_decided_in_double_precision()
    {
        foreach (double edge in (double[])[3.0, 1.5, 0.3])
        {
            double[] positions =
                [0, 0, 0, Math.BitDecrement(edge), 0, 0, 0, edge, 0, 0, 0, Math.BitIncrement(edge), 0, -edge * (1 - 1e-7), 0, -900, -900, -900, 900, 900, 900];
            fixed (double* r = positions)
                AssertEqualsAllPairs(new ParticleView(r, 7, 0), 3.0, 10, $"near {edge}");
        }
    }

    [Fact]
    public void Very_many_neighbors_are_an_error()
    {
        // In one place they are refused as such: here each has its own.
        double[] positions = new double[3 * (NeighborListBuilder.LargestRowAllowed + 2)];
        for (int i = 0; i < positions.Length / 3; i++)
            (positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]) = (0.03 * (i % 26), 0.03 * (i / 26 % 26), 0.03 * (i / 676));
        fixed (double* pointer = positions)
        {
            double* r = pointer;
            Assert.Contains("neighbors within 2.5 Å", Assert.Throws<InputException>(() => Counts(new(r, positions.Length / 3, 0), 2.5, 4, 2)).Message);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Later_frames_allocate_nothing(int threads)
    {
        Vec3[] atoms = TestBoxes.RandomAtoms(Box.Orthogonal(30, 30, 30, periodic: false), 4);
        using var pool = new WorkerPool(threads);
        using var grid = new CellGrid(pool);
        using var histogram = new PairHistogram(pool, grid);
        int[] labels = new int[atoms.Length];
        fixed (double* r = TestBoxes.Flat(atoms))
        fixed (int* l = labels)
        {
            var view = new ParticleView(r, atoms.Length, 0);
            int* pointer = l;
            Assert.Equal(0, Allocations.AfterTheFirst(() => histogram.Count(view, 3.3, 50, pointer, 1)));
        }
    }

    /// <summary>On the way of any processor, with labels that tell owned atoms from ghosts, of which pairs may be counted or not.</summary>
    private static void AssertEqualsAllPairs(ParticleView view, double cutoff, int bins, string what)
    {
        long[] expected = new long[Labels * Labels * bins];
        for (int i = 0; i < view.LocalCount; i++)
            foreach (ReferenceNeighbors.Neighbor neighbor in ReferenceNeighbors.Within(view, i, cutoff))
                if (neighbor.Index > i)
                    expected[Place(LabelOf(view, i), LabelOf(view, neighbor.Index),
                        Math.Min((int)(Math.Sqrt(neighbor.DistanceSquared) * (bins / cutoff) + 1e-9), bins - 1))]++;
        foreach (int threads in (int[])[1, 3])
        {
            long[] counts = Counts(view, cutoff, bins, threads), folded = new long[expected.Length];
            for (int k = 0; k < counts.Length; k++)
                folded[Place(k / bins / Labels, k / bins % Labels, k % bins)] += counts[k];
            for (int bin = 0; bin < bins; bin++)
                folded[Place(0, 0, bin)] = 0;
            Assert.True(expected.SequenceEqual(folded), $"{what}, {threads} threads: {expected.Sum()} pairs, counted {folded.Sum()}");
        }

        int Place(int a, int b, int bin) => (Math.Min(a, b) * Labels + Math.Max(a, b)) * bins + bin;
    }

    private static int LabelOf(ParticleView view, int atom) => atom >= view.LocalCount ? 0 : 1 + atom % 2;

    private static long[] Counts(ParticleView view, double cutoff, int bins, int threads)
    {
        using var pool = new WorkerPool(threads);
        using var grid = new CellGrid(pool);
        using var histogram = new PairHistogram(pool, grid);
        int[] labels = [.. Enumerable.Range(0, view.Count).Select(atom => LabelOf(view, atom))];
        fixed (int* l = labels)
            histogram.Count(view, cutoff, bins, l, Labels);
        return histogram.Counts.ToArray();
    }
}
