using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Neighbors.Cells;
using Denoise.Neighbors.Reference;
using Denoise.TestSupport;

namespace Denoise.Neighbors.Tests;

public sealed unsafe class NeighborListBuilderTests
{
    public static TheoryData<string, int> Boxes => TestBoxes.All();

    public static TheoryData<int> Seeds => new(TestBoxes.Seeds);

    [Theory]
    [MemberData(nameof(Boxes))]
    public void Lists_equal_all_pairs(string name, int seed)
    {
        Box box = TestBoxes.Named(name);
        using var shell = new GhostShell();
        fixed (double* r = TestBoxes.Flat(TestBoxes.RandomAtoms(box, seed)))
            shell.Build(r, TestBoxes.RandomAtoms(box, seed).Length, box, 4.5);
        foreach (double cutoff in (double[])[0.3, 2.0, 3.2, 4.5])
            AssertEqualsAllPairs(shell.View, cutoff, $"box {name}, seed {seed}, cutoff {cutoff}");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Lists_equal_all_pairs_far_from_the_origin_and_in_strange_arrangements(int seed)
    {
        var random = new Random(seed);
        foreach (int count in (int[])[1, 2, 3, 7, 8, 9, 100, 777])
        {
            Check("far from the origin", count, _ => new(1e7 + 20 * random.NextDouble(), -3e5 + 20 * random.NextDouble(), 5));
            Check("a plane", count, _ => new(30 * random.NextDouble(), 4, 30 * random.NextDouble()));
            Check("a line", count, _ => new(1, 200 * random.NextDouble(), -2));
            Check("two distant clusters", count, i => new((i & 1) * 1e9 + 9 * random.NextDouble(), 9 * random.NextDouble(), (i & 1) * 1e6));
            Check("a cluster and evaporated atoms", count, i => i % 50 == 7
                ? new(1e12 * random.NextDouble(), -1e12 * random.NextDouble(), 1e300)
                : new(9 * random.NextDouble(), 9 * random.NextDouble(), 9 * random.NextDouble()));
            Check("everything far from everything", count, _ => new(1e8 * random.NextDouble(), 1e8 * random.NextDouble(), 1e8 * random.NextDouble()));
            Check("a lattice", count, i => new(i % 10 * 1.5, i / 10 % 10 * 1.5, i / 100 * 1.5));
        }

        void Check(string what, int count, Func<int, Vec3> atom)
        {
            fixed (double* r = TestBoxes.Flat([.. Enumerable.Range(0, count).Select(atom)]))
                AssertEqualsAllPairs(new ParticleView(r, count - count / 4, count / 4), 3.0, $"{count} atoms: {what}, seed {seed}");
        }
    }

    [Fact]
    public void Distances_at_the_cutoff_are_decided_in_double_precision()
    {
        // Just below, at and just above the cutoff, next to atoms that make the single-precision coordinates coarse.
        double below = Math.BitDecrement(3.0), above = Math.BitIncrement(3.0);
        double[] positions = [0, 0, 0, below, 0, 0, 0, 3.0, 0, 0, 0, above, -900, -900, -900, 900, 900, 900];
        fixed (double* r = positions)
        {
            var view = new ParticleView(r, 6, 0);
            using NeighborList list = Build(view, 3.0, 1);
            Assert.Equal([1], Row(list, 0));
            AssertEqualsAllPairs(view, 3.0, "near the cutoff");
        }
    }

    [Fact]
    public void No_atoms_have_no_neighbors()
    {
        double nothing = 0;
        using NeighborList list = Build(new ParticleView(&nothing, 0, 0), 3, 1);
        Assert.Equal((0, 0L, 0, AtomPair.None), (list.AtomCount, list.PairCount, list.LargestRow, list.ClosestPair));
    }

    [Fact]
    public void A_list_holds_twelve_bytes_per_atom_and_four_per_neighbor()
    {
        var random = new Random(5);
        fixed (double* r = TestBoxes.Flat([.. Enumerable.Range(0, 30_000)
            .Select(_ => new Vec3(60 * random.NextDouble(), 60 * random.NextDouble(), 60 * random.NextDouble()))]))
        {
            using NeighborList list = Build(new ParticleView(r, 30_000, 0), 3, 1);
            double needed = 12.0 * list.AtomCount + 4.0 * list.PairCount, block = 4 << 16;
            // Buffers are a tenth larger than asked for; the last block may be nearly empty.
            Assert.InRange(list.MemoryBytes, needed, 1.12 * needed + 1.1 * block);
        }
    }

    [Fact]
    public void Rows_can_be_added_by_hand()
    {
        using var list = new NeighborList();
        for (int time = 0; time < 2; time++)
        {
            list.Begin(3);
            for (int count = 0; count < 600; count++)
                list.Add([.. Enumerable.Range(count, count)]);
            Assert.Equal((600, 3.0, 599 * 600 / 2, 599), (list.AtomCount, list.Cutoff, list.PairCount, list.LargestRow));
            for (int count = 0; count < 600; count++)
                Assert.Equal(Enumerable.Range(count, count), list[count].Span.ToArray());
        }
    }

    [Fact]
    public void Ghosts_have_no_rows()
    {
        double[] positions = [0, 0, 0, 1, 0, 0, 1.5, 0, 0];
        fixed (double* r = positions)
        {
            using NeighborList list = Build(new ParticleView(r, 1, 2), 3, 1);
            Assert.Equal(1, list.AtomCount);
            Assert.Equal([1, 2], Row(list, 0).Order());
            Assert.Equal(new AtomPair(0, 1, 1), list.ClosestPair);
        }
    }

    [Fact]
    public void Coordinates_that_are_not_finite_have_no_neighbors_and_end()
    {
        double[] positions = [0, 0, 0, double.NaN, 0, 0, 1, 0, 0, double.PositiveInfinity, double.NegativeInfinity, 1, 1, 1, double.NaN];
        fixed (double* r = positions)
        {
            var view = new ParticleView(r, 5, 0);
            using NeighborList list = Build(view, 3, 1);
            Assert.Equal([2], Row(list, 0));
            Assert.Equal(2, list.PairCount);
            new Span<double>(r, 15).Fill(double.NaN);
            using NeighborList none = Build(view, 3, 1);
            Assert.Equal(0, none.PairCount);
        }
    }

    [Fact]
    public void Very_many_neighbors_are_an_error()
    {
        // In one place they are refused as such: here each has its own.
        double[] positions = new double[3 * (NeighborListBuilder.LargestRowAllowed + 2)];
        for (int i = 0; i < positions.Length / 3; i++)
            (positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]) = (0.03 * (i % 26), 0.03 * (i / 26 % 26), 0.03 * (i / 676));
        fixed (double* r = positions)
        {
            var view = new ParticleView(r, positions.Length / 3, 0);
            string message = "";
            try
            {
                using NeighborList list = Build(view, 2.5, 2);
            }
            catch (InputException error)
            {
                message = error.Message;
            }

            Assert.Contains("neighbors within 2.5 Å", message);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Rows_do_not_depend_on_the_number_of_threads(int seed)
    {
        Vec3[] atoms = TestBoxes.RandomAtoms(Box.Orthogonal(40, 40, 40, periodic: false), seed);
        fixed (double* r = TestBoxes.Flat(atoms))
        {
            var view = new ParticleView(r, atoms.Length - 100, 100);
            using NeighborList one = Build(view, 3.3, 1);
            foreach (int threads in (int[])[2, 3, 11])
            {
                using NeighborList many = Build(view, 3.3, threads);
                Assert.Equal((one.PairCount, one.LargestRow), (many.PairCount, many.LargestRow));
                for (int i = 0; i < one.AtomCount; i++)
                    Assert.True(one[i].Span.SequenceEqual(many[i].Span), $"seed {seed}, {threads} threads, atom {i}");
                Assert.Equal((one.LargestRow, one.ClosestPair), (many.LargestRow, many.ClosestPair));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Later_frames_allocate_nothing(int threads)
    {
        Vec3[] atoms = TestBoxes.RandomAtoms(Box.Orthogonal(30, 30, 30, periodic: false), 4);
        using var pool = new WorkerPool(threads);
        using var builder = new NeighborListBuilder(pool);
        using var list = new NeighborList();
        fixed (double* r = TestBoxes.Flat(atoms))
        {
            var view = new ParticleView(r, atoms.Length, 0);
            Assert.Equal(0, Allocations.AfterTheFirst(() => builder.Build(view, 3.3, list)));
        }
    }

    [Theory]
    [InlineData(3.3)]
    [InlineData(7.5)]
    public void Rows_for_sums_do_not_depend_on_how_atoms_are_numbered(double cutoff)
    {
        // Rows of a few, of many, and of equal distances in a perfect lattice.
        Vec3[] lattice = [.. Enumerable.Range(0, 512).Select(k => new Vec3(k / 64, k / 8 % 8, k % 8) * 2.1)];
        foreach (Vec3[] atoms in (Vec3[][])[TestBoxes.RandomAtoms(Box.Orthogonal(15, 15, 15, periodic: false), 4), lattice])
        {
            int[] order = [.. Enumerable.Range(0, atoms.Length)];
            new Random(1).Shuffle(order);
            Vec3[] others = [.. order.Select(k => atoms[k])];
            using var pool = new WorkerPool(2);
            using var grid = new CellGrid(pool) { OrdersRows = true };
            using var builder = new NeighborListBuilder(pool, grid);
            using NeighborList one = new(), other = new();
            fixed (double* r = TestBoxes.Flat(atoms), s = TestBoxes.Flat(others))
            {
                builder.Build(new ParticleView(r, atoms.Length, 0), cutoff, one, forSums: true);
                builder.Build(new ParticleView(s, atoms.Length, 0), cutoff, other, forSums: true);
            }

            for (int i = 0; i < atoms.Length; i++)
            {
                int[] row = [.. other[i].Span.ToArray().Select(k => order[k])];
                Assert.Equal(one[order[i]].Span.ToArray(), row);
                Assert.Equal(row.OrderBy(k => (atoms[k].Z, atoms[k].Y, atoms[k].X)), row);
            }
        }
    }

    private static void AssertEqualsAllPairs(ParticleView view, double cutoff, string what)
    {
        using NeighborList list = Build(view, cutoff, 1);
        double closest = double.PositiveInfinity;
        int largest = 0;
        for (int i = 0; i < view.LocalCount; i++)
        {
            List<ReferenceNeighbors.Neighbor> expected = ReferenceNeighbors.Within(view, i, cutoff);
            Assert.True(expected.Select(n => n.Index).SequenceEqual(Row(list, i).Order()), $"atom {i}: {what}");
            largest = Math.Max(largest, expected.Count);
            foreach (ReferenceNeighbors.Neighbor neighbor in expected)
                closest = Math.Min(closest, Math.Sqrt(neighbor.DistanceSquared));
        }

        Assert.Equal(view.LocalCount, list.AtomCount);
        Assert.Equal(largest, list.LargestRow);
        if (largest > 0)
            Assert.InRange(list.ClosestPair.Distance, closest, closest + 1e-5);
        else
            Assert.Equal(AtomPair.None, list.ClosestPair);
    }

    private static NeighborList Build(ParticleView view, double cutoff, int threads)
    {
        using var pool = new WorkerPool(threads);
        using var builder = new NeighborListBuilder(pool);
        var list = new NeighborList();
        builder.Build(view, cutoff, list);
        return list;
    }

    private static int[] Row(NeighborList list, int i) =>
        list[i].Span.ToArray();
}
