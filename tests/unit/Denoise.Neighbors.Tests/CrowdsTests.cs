using Denoise.Atoms.Threading;

namespace Denoise.Neighbors.Tests;

public sealed unsafe class CrowdsTests
{
    private const int Count = 200_000;

    /// <summary>Tested pair by pair these would take an hour.</summary>
    [Fact]
    public void Searches_refuse_a_crowd_in_one_place()
    {
        double[] positions = new double[3 * Count];
        // A lattice, and every second atom in one place, but for rounding.
        for (int i = 0; i < Count; i++)
            for (int axis = 0; axis < 3; axis++)
                positions[3 * i + axis] = i % 2 == 0 ? 5 + 1e-9 * (i % 7) : 2.5 * (axis == 0 ? i % 59 : axis == 1 ? i / 59 % 59 : i / 3481);
        using WorkerPool pool = new(2);
        using NearestNeighborFinder<Nothing> finder = new(pool);
        using NeighborListBuilder builder = new(pool);
        using NeighborList list = new();
        fixed (double* pointer = positions)
        {
            double* atoms = pointer;
            Check(Assert.Throws<CoincidentAtomsException>(() => finder.Run(new(atoms, Count, 0), 14, 14, 10, default)));
            Check(Assert.Throws<CoincidentAtomsException>(() => builder.Build(new(atoms, Count, 0), 3, list)));
        }
    }

    [Fact]
    public void A_crowd_with_room_for_each_is_searched()
    {
        // A dense droplet in a wide vacuum: one cell at first.
        const int Side = 12;
        double[] positions = new double[3 * (Side * Side * Side + 1)];
        for (int i = 0; i < Side * Side * Side; i++)
        {
            (positions[3 * i], positions[3 * i + 1]) = (i % Side * 0.5, i / Side % Side * 0.5);
            positions[3 * i + 2] = i / (Side * Side) * 0.5;
        }

        positions[^1] = 1e6;
        using WorkerPool pool = new(1);
        using NearestNeighborFinder<Nothing> finder = new(pool);
        using NeighborListBuilder builder = new(pool);
        using NeighborList list = new();
        fixed (double* pointer = positions)
        {
            finder.Run(new(pointer, positions.Length / 3, 0), 14, 14, double.PositiveInfinity, default);
            builder.Build(new(pointer, positions.Length / 3, 0), 0.6, list);
        }

        Assert.Equal(6 * Side * Side * (Side - 1L), list.PairCount);
    }

    private static void Check(CoincidentAtomsException failure)
    {
        Assert.NotEqual(failure.Pair.I, failure.Pair.J);
        Assert.True(failure.Pair.I % 2 == 0 && failure.Pair.J % 2 == 0, failure.Message);
        Assert.InRange(failure.Pair.Distance, 0, 2e-8);
    }

    private readonly struct Nothing : INearestVisitor
    {
        public bool Visit(int atom, in NearestNeighbors nearest, int worker) => true;
    }
}
