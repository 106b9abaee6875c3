using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Neighbors.Reference;

namespace Denoise.Neighbors.Tests;

public sealed unsafe class NearestNeighborFinderTests
{
    public static TheoryData<string, int> Boxes => TestBoxes.All();

    public static TheoryData<int> Seeds => new(TestBoxes.Seeds);

    [Theory]
    [MemberData(nameof(Boxes))]
    public void Nearest_equal_all_pairs(string name, int seed)
    {
        Box box = TestBoxes.Named(name);
        Vec3[] atoms = TestBoxes.RandomAtoms(box, seed);
        using var shell = new GhostShell();
        fixed (double* r = TestBoxes.Flat(atoms))
            shell.Build(r, atoms.Length, box, 5);
        foreach (double maxDistance in (double[])[3.0, double.PositiveInfinity])
        {
            foreach (int count in (int[])[1, 14, 50])
                AssertEqualsAllPairs(shell.View, count, maxDistance, $"box {name}, seed {seed}, {count} within {maxDistance}");
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Nearest_equal_all_pairs_in_strange_arrangements(int seed)
    {
        var random = new Random(seed);
        foreach (int count in (int[])[1, 2, 8, 60, 700])
        {
            Check("far from the origin", count, _ => new(1e7 + 20 * random.NextDouble(), -3e5 + 20 * random.NextDouble(), 5));
            Check("a plane", count, _ => new(30 * random.NextDouble(), 4, 30 * random.NextDouble()));
            Check("a line", count, _ => new(1, 200 * random.NextDouble(), -2));
            Check("all in one place", Math.Min(count, 60), _ => new(1, 2, 3));
            Check("a crystal and gas", count, i => i % 3 == 0
                ? new(1000 * random.NextDouble(), 1000 * random.NextDouble(), 1000 * random.NextDouble())
                : new(i % 10 * 1.5, i / 10 % 10 * 1.5, i / 100 * 1.5));
            Check("a cluster and an absurd coordinate", count, i => new(9 * random.NextDouble(), 9 * random.NextDouble(), i == 0 ? 1e300 : 0));
            Check("a lattice", count, i => new(i % 10 * 1.5, i / 10 % 10 * 1.5, i / 100 * 1.5));
        }

        void Check(string what, int count, Func<int, Vec3> atom)
        {
            fixed (double* r = TestBoxes.Flat([.. Enumerable.Range(0, count).Select(atom)]))
                AssertEqualsAllPairs(new ParticleView(r, count - count / 4, count / 4), 12, double.PositiveInfinity,
                    $"{count} atoms: {what}, seed {seed}");
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_visitor_that_is_content_with_less_sees_all_within_its_radius(int seed)
    {
        Vec3[] atoms = TestBoxes.RandomAtoms(Box.Orthogonal(20, 20, 20, periodic: false), seed);
        fixed (double* r = TestBoxes.Flat(atoms))
        {
            var view = new ParticleView(r, atoms.Length, 0);
            List<ReferenceNeighbors.Neighbor>[] found = Find(view, 14, 14, double.PositiveInfinity, content: true, threads: 1);
            for (int i = 0; i < atoms.Length; i++)
            {
                // What is listed is a beginning of the sorted list of all.
                var expected = ReferenceNeighbors.Nearest(view, i, found[i].Count, double.PositiveInfinity);
                Assert.True(expected.SequenceEqual(found[i]), $"atom {i}, seed {seed}");
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Neighbors_do_not_depend_on_the_number_of_threads(int threads)
    {
        Vec3[] atoms = TestBoxes.RandomAtoms(Box.Orthogonal(30, 30, 30, periodic: false), 6);
        fixed (double* r = TestBoxes.Flat(atoms))
        {
            var view = new ParticleView(r, atoms.Length, 0);
            var one = Find(view, 13, 13, double.PositiveInfinity, content: false, threads: 1);
            var many = Find(view, 13, 13, double.PositiveInfinity, content: false, threads);
            for (int i = 0; i < atoms.Length; i++)
                Assert.True(one[i].SequenceEqual(many[i]), $"atom {i}");
        }
    }

    [Fact]
    public void No_atoms_and_coordinates_that_are_not_finite_end()
    {
        double[] positions = [0, 0, 0, double.NaN, 0, 0, 1, 0, 0, double.PositiveInfinity, 1, 1];
        fixed (double* r = positions)
        {
            Find(new ParticleView(r, 0, 0), 14, 14, double.PositiveInfinity, content: false, threads: 1);
            var found = Find(new ParticleView(r, 4, 0), 14, 14, double.PositiveInfinity, content: false, threads: 1);
            Assert.Equal([2], found[0].Select(n => n.Index));
            Assert.Empty(found[1]);
            Assert.Empty(found[3]);
        }
    }

    private static void AssertEqualsAllPairs(ParticleView view, int count, double maxDistance, string what)
    {
        List<ReferenceNeighbors.Neighbor>[] found = Find(view, count, Math.Min(count, 12), maxDistance, content: false, threads: 1);
        for (int i = 0; i < view.LocalCount; i++)
        {
            var expected = ReferenceNeighbors.Nearest(view, i, int.MaxValue, maxDistance);
            Assert.True(found[i].Count >= Math.Min(count, expected.Count), $"atom {i} has {found[i].Count} of {expected.Count}: {what}");
            Assert.True(expected.Take(found[i].Count).SequenceEqual(found[i]), $"atom {i}: {what}");
        }
    }

    private static List<ReferenceNeighbors.Neighbor>[] Find(ParticleView view, int count, int usual, double maxDistance, bool content, int threads)
    {
        using var pool = new WorkerPool(threads);
        using var finder = new NearestNeighborFinder<Collector>(pool);
        var found = new List<ReferenceNeighbors.Neighbor>[view.LocalCount];
        // Twice: the second frame starts from what the first one learned.
        finder.Run(view, count, usual, maxDistance, new Collector(found, count, content));
        finder.Run(view, count, usual, maxDistance, new Collector(found, count, content));
        return found;
    }

    private readonly struct Collector(List<ReferenceNeighbors.Neighbor>[] found, int count, bool content) : INearestVisitor
    {
        public bool Visit(int atom, in NearestNeighbors nearest, int worker)
        {
            found[atom] = [];
            for (int k = 0; k < nearest.Count; k++)
            {
                Assert.True(nearest.Squares[k] <= nearest.Beyond);
                found[atom].Add(new(nearest.Index(k), new(nearest.X[k], nearest.Y[k], nearest.Z[k])));
            }

            Assert.True(nearest.IsFinal || nearest.Count < count);
            return content;
        }
    }
}
