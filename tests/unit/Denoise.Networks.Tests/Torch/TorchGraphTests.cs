using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Neighbors.Cells;
using Denoise.Networks.Engines.Torch;
using Denoise.Networks.Tests.Support;
using Denoise.Parallel;

namespace Denoise.Networks.Tests.Torch;

/// <summary>
/// The graph that a module gets, with images of owned atoms as edges from their owners, and with ghosts of a host as atoms of their own.
/// What passes messages along it must find the same of owned atoms on both.
/// </summary>
public sealed unsafe class TorchGraphTests : IDisposable
{
    private const double Cutoff = 2.6;
    private const int Layers = 3;

    private readonly WorkerPool _pool = new(2);
    private readonly CellGrid _grid;

    public TorchGraphTests() => _grid = new(_pool);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 10)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Ghosts_of_a_host_give_what_images_give(int seed)
    {
        AtomicSystem system = AtomicSystem.Random(seed, 60, 7.5, 1.4, speciesCount: 2, periodic: true);
        using TestGraph images = new(system, Cutoff);
        using TorchGraph graph = Graph(Layers);
        graph.Build(images.Particles, images.Species, images.Neighbors, images.Halo);
        Assert.Equal(system.Count, graph.AtomCount);
        double[] expected = Messages(graph);

        // Some of the atoms, with all within reach of them, and some beyond.
        int[] owned = [.. Enumerable.Range(0, system.Count).Where(i => i % 3 == seed % 3)];
        using TestGraph wide = new(system, Layers * Cutoff + 0.3);
        using TestGraph host = Host(system, owned, wide.Shell);
        using TorchGraph part = Graph(Layers);
        part.Build(host.Particles, host.Species, host.Neighbors, host.Halo);
        double[] found = Messages(part);
        for (int k = 0; k < owned.Length; k++)
            Assert.True(Math.Abs(expected[owned[k]] - found[k]) < 1e-10, $"seed {seed}: {expected[owned[k]]} and {found[k]}");
    }

    [Fact]
    public void No_more_atoms_than_are_seen()
    {
        AtomicSystem system = AtomicSystem.Random(3, 60, 7.5, 1.4, speciesCount: 1, periodic: true);
        using TestGraph wide = new(system, Layers * Cutoff + 3);
        using TestGraph host = Host(system, [0], wide.Shell);
        using TorchGraph near = Graph(1), far = Graph(2);
        near.Build(host.Particles, host.Species, host.Neighbors, host.Halo);
        far.Build(host.Particles, host.Species, host.Neighbors, host.Halo);
        Assert.Equal(near.EdgeCount + 1, near.AtomCount);
        Assert.InRange(far.AtomCount, near.AtomCount + 1, host.Particles.Count - 1);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Shifts_and_positions_give_the_vectors(int seed)
    {
        AtomicSystem system = AtomicSystem.Random(seed, 40, 6.5, 1.4, speciesCount: 1, periodic: true);
        using TestGraph images = new(system, Cutoff);
        using TorchGraph vectors = Graph(Layers), shifts = Graph(Layers, takesShifts: true);
        vectors.Build(images.Particles, images.Species, images.Neighbors, images.Halo);
        shifts.Build(images.Particles, images.Species, images.Neighbors, images.Halo);
        Assert.Equal(vectors.EdgeCount, shifts.EdgeCount);
        for (long e = 0; e < vectors.EdgeCount; e++)
            for (int axis = 0; axis < 3; axis++)
            {
                long sender = shifts.Edges[e], receiver = shifts.Edges[shifts.EdgeCount + e];
                double vector = shifts.Positions[3 * receiver + axis] - shifts.Positions[3 * sender + axis] + shifts.Vectors[3 * e + axis];
                Assert.Equal(vectors.Vectors[3 * e + axis], vector, 12);
            }
    }

    public void Dispose()
    {
        _grid.Dispose();
        _pool.Dispose();
    }

    private TorchGraph Graph(int layers, bool takesShifts = false) => new(Cutoff, layers, takesShifts, _pool, _grid);

    /// <summary>Owned atoms, and all others and all images as ghosts whose owners nobody knows.</summary>
    private static TestGraph Host(AtomicSystem system, int[] owned, GhostShell shell)
    {
        Vec3 At(int k) => new(shell.Positions[3 * k], shell.Positions[3 * k + 1], shell.Positions[3 * k + 2]);
        int[] ghosts = [.. Enumerable.Range(0, shell.View.Count).Except(owned)];
        int[] all = [.. owned, .. ghosts];
        return new([.. all.Select(At)], [.. all.Select(k => system.Species[k < system.Count ? k : shell.Owners[k - system.Count]])],
            owned.Length, Cutoff, new Silent());
    }

    /// <summary>A row of numbers that depends on all that is seen along as many edges as there are layers.</summary>
    private static double[] Messages(TorchGraph graph)
    {
        double[] x = [.. Enumerable.Range(0, graph.AtomCount).Select(node => 1.0 + graph.Species[node])];
        for (int layer = 0; layer < Layers; layer++)
        {
            double[] next = [.. x.Select(value => 0.3 * value)];
            for (long e = 0; e < graph.EdgeCount; e++)
            {
                Vec3 v = new(graph.Vectors[3 * e], graph.Vectors[3 * e + 1], graph.Vectors[3 * e + 2]);
                next[graph.Edges[graph.EdgeCount + e]] += (0.1 + 0.05 * v.X - 0.03 * v.Y + 0.02 * v.Length) * x[graph.Edges[e]];
            }

            x = next;
        }

        return x;
    }

    /// <summary>Exchanges nothing, and knows no owners.</summary>
    private sealed class Silent : IHalo
    {
        public void Forward(float* rows, int width) => throw new InvalidOperationException("nothing is exchanged");

        public void Forward(double* rows, int width) => throw new InvalidOperationException("nothing is exchanged");
    }
}
