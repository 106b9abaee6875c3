using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Networks.Engines;
using Denoise.Networks.Engines.Reference;
using Denoise.Networks.Engines.Simd;
using Denoise.Networks.Models;
using Denoise.Networks.Tests.Engines;
using Denoise.Networks.Tests.Support;
using Denoise.Parallel;
using Denoise.TestSupport;

namespace Denoise.Networks.Tests.Simd;

/// <summary>The suite of all engines, and what single precision must keep of the reference, at one vector width.</summary>
public abstract class SimdEngineTests(SimdWidth width) : EngineTests, IDisposable
{
    private readonly WorkerPools _pools = new();

    protected override IEngine Create(NequipModel model) => new SimdEngine(model, _pools.Add(1), width);

    [SharedTheory]
    [InlineData("Cu-denoiser.pt")]
    [InlineData("SiO2-denoiser.pt")]
    [InlineData("nequip-paper.pt")]
    [InlineData("nequip-parity.pt")]
    [InlineData("ice-denoiser-ckt.pt", 5.0, 16.0)]
    public void Published_networks_equal_the_reference_engine(string file, double? cutoff = null, double? neighborCount = null)
    {
        NequipModel model = TestModels.Load(file, cutoff, neighborCount);
        for (int seed = 1; seed <= 3; seed++)
        {
            double size = 3.1 * model.Config.Cutoff, closest = 0.55 * model.Config.Cutoff;
            AtomicSystem system = AtomicSystem.Random(seed, 60, size, closest, model.SpeciesCount, periodic: seed != 2);
            AssertEqualsReference(model, system, $"{file}, seed {seed}");
        }
    }

    // Multiplicities that fill lanes, that leave some idle, of one channel; irreps written twice; layers of different irreps.
    [Theory]
    [InlineData("8x0e+8x1e+4x2e", "1x0e+1x1e+1x2e", "1x1e", "8x0e", 3)]
    [InlineData("1x0e+1x1o+1x2e", "1x0e+1x1o+1x2e", "1x1o", "1x0e", 2)]
    [InlineData("17x0e+9x1o+5x2e", "1x0e+1x1o+1x2e", "1x1o+1x2e", "5x0e", 3)]
    [InlineData("16x0e+16x1e+16x2e", "1x0e+1x1e+1x2e", "2x2e+1x1e", "16x0e", 2)]
    [InlineData("3x0e+2x1e+5x0e+3x1e+2x2e+1x2e", "1x0e+1x1e+1x2e", "1x1e", "2x0e+3x0e", 3)]
    [InlineData("6x0e+5x0o+4x1o+3x1e+2x2e+2x2o", "1x0e+1x1o+1x2e", "1x1o+1x0o+1x2o", "4x0e", 4)]
    [InlineData("8x0e+8x1o", "1x0e+1x1o+1x2e", "1x1o", "8x0e", 1)]
    [InlineData("4x0e+4x1o", "1x0e+1x1o", "3x0e", "4x0e", 2)]
    [InlineData("4x0e+4x2e", "1x0e+1x2e", "1x2e", "4x0e", 2)]
    [InlineData("12x0e", "1x0e", "2x0e", "12x0e", 1)]
    [InlineData("8x0e+4x1o+4x2e+4x3o", "1x0e+1x1o+1x2e+1x3o", "1x1o+5x0e", "8x0e", 3)]
    [InlineData("8x0e+4x1o+4x2e+5x3o/8x0e+4x1o+4x2e", "1x0e+1x1o+1x2e+1x3o", "1x1o+5x0e", "8x0e", 3)]
    [InlineData("6x0e+17x1e+2x2e+17x3e", "1x0e+1x1e+1x2e+1x3e", "1x3e+1x1e", "4x0e", 2)]
    [InlineData("4x0e+2x0o+3x1o+2x2e+2x3e+3x3o", "1x0e+1x3o", "1x3e+1x0o", "4x0e", 3)]
    public void Random_networks_equal_the_reference_engine(string hidden, string edge, string output, string embedding, int layers)
    {
        for (int seed = 1; seed <= 3; seed++)
        {
            NequipConfig config = TestNetwork.Small with
            {
                Hidden = hidden,
                Edge = edge,
                Output = output,
                NodeEmbedding = embedding,
                LayerCount = layers,
                Envelope = seed == 2 ? CutoffEnvelope.Polynomial : CutoffEnvelope.None,
                SpeciesCount = seed == 3 ? 1 : 2,
            };
            AtomicSystem system = Sample(seed, periodic: true);
            if (config.SpeciesCount == 1)
                Array.Clear(system.Species);
            AssertEqualsReference(WithAlpha(NequipModel.CreateRandom(config, seed), seed), system, $"seed {seed}");
        }
    }

    [Fact]
    public void Every_length_of_a_row_of_neighbors_equals_the_reference_engine()
    {
        // One more neighbor of the first atom each time: batches of edges end everywhere within a vector.
        NequipModel model = WithAlpha(NequipModel.CreateRandom(TestNetwork.Small, 21), 21);
        using IEngine engine = Create(model);
        using var reference = new ReferenceEngine(model);
        var random = new Random(21);
        var positions = new List<Vec3> { new(0, 0, 0) };
        for (int neighbors = 0; neighbors <= 70; neighbors++)
        {
            int[] species = [.. positions.Select((_, i) => i % 2)];
            var system = new AtomicSystem(Box.Orthogonal(99, 99, 99, periodic: false), [.. positions], species);
            AssertEqual(reference, engine, system, $"{neighbors} neighbors");
            Vec3 direction = new(random.NextDouble() - 0.5, random.NextDouble() - 0.5, random.NextDouble() - 0.5);
            positions.Add(direction * ((1 + 2.4 * random.NextDouble()) / direction.Length));
        }
    }

    [Fact]
    public void Results_do_not_depend_on_the_number_of_threads()
    {
        NequipModel model = WithAlpha(NequipModel.CreateRandom(TestNetwork.Small, 22), 22);
        AtomicSystem system = AtomicSystem.Random(22, 60, 9, 1.3, 2, periodic: true).Repeated(3, 2, 2);
        using var graph = new TestGraph(system, model.Config.Cutoff);
        using IEngine serial = Create(model);
        double[] expected = Evaluate(serial, graph);
        for (int threads = 2; threads <= 4; threads++)
        {
            using var pool = new WorkerPool(threads);
            using var engine = new SimdEngine(model, pool, width);
            Assert.Equal(expected, Evaluate(engine, graph));
        }
    }

    [Fact]
    public void Results_do_not_depend_on_tiles()
    {
        NequipModel model = WithAlpha(NequipModel.CreateRandom(TestNetwork.Small with { LayerCount = 4 }, 25), 25);
        AtomicSystem sorted = AtomicSystem.Random(25, 60, 9, 1.3, 2, periodic: true).Repeated(4, 3, 2);
        int[] order = [.. Enumerable.Range(0, sorted.Count)];
        new Random(25).Shuffle(order);
        foreach (AtomicSystem system in new[] { sorted, sorted.Permuted(order) })
        {
            using var graph = new TestGraph(system, model.Config.Cutoff);
            using IEngine whole = Create(model);
            double[] expected = Evaluate(whole, graph, new ExchangingHalo(graph.Halo));
            for (int tile = 64; tile <= 2048; tile *= 2)
            {
                using var pool = new WorkerPool(tile == 128 ? 3 : 1);
                using var engine = new SimdEngine(model, pool, width, tile);
                Assert.Equal(expected, Evaluate(engine, graph));
                Assert.Equal(expected, Evaluate(engine, graph, new ExchangingHalo(graph.Halo)));
                Assert.Equal(expected, Evaluate(engine, graph));
            }
        }
    }

    [Fact]
    public void Tiles_of_a_long_crystal_keep_a_small_part_of_the_rows()
    {
        NequipModel model = NequipModel.CreateRandom(TestNetwork.Small with { LayerCount = 3 }, 26);
        AtomicSystem system = AtomicSystem.Random(26, 60, 9, 1.3, 2, periodic: true).Repeated(60, 1, 1);
        using var graph = new TestGraph(system, model.Config.Cutoff);
        using var engine = new SimdEngine(model, _pools.Add(1), width, tile: 64);
        long before = engine.MemoryBytes;
        Evaluate(engine, graph);
        double rows = (double)(engine.MemoryBytes - before) / (sizeof(float) * engine.HaloWidth * system.Count);
        // 57 tiles, each seeing the next two on both sides: a window of them for each layer, and as many for the ends of the box.
        Assert.InRange(rows, 0, 0.55);
    }

    [Fact]
    public void Rows_lie_in_idle_memory_as_far_as_it_goes_whatever_it_held()
    {
        NequipModel model = WithAlpha(NequipModel.CreateRandom(TestNetwork.Small with { LayerCount = 3 }, 27), 27);
        AtomicSystem system = AtomicSystem.Random(27, 60, 9, 1.3, 2, periodic: true).Repeated(4, 3, 2);
        using var graph = new TestGraph(system, model.Config.Cutoff);
        using var alone = new SimdEngine(model, _pools.Add(1), width, tile: 64);
        double[] expected = Evaluate(alone, graph);
        using var idle = new IdleBuffers(1000, 0, 50_001, 40_000);
        using var lent = new SimdEngine(model, _pools.Add(1), width, tile: 64, idle);
        for (int call = 0; call < 2; call++)
        {
            idle.Spoil();
            Assert.Equal(expected, Evaluate(lent, graph));
        }

        // Two blocks hold slots, but for less than one each; a buffer may be a tenth larger than asked for.
        long slot = 64 * sizeof(float) * lent.HaloWidth, saved = alone.MemoryBytes - lent.MemoryBytes;
        Assert.InRange(saved, 90_000 * sizeof(float) - 3 * slot, 1.1 * 90_001 * sizeof(float));
    }

    [Fact]
    public unsafe void Second_call_allocates_nothing_and_memory_is_two_rows_per_atom()
    {
        NequipModel model = NequipModel.CreateRandom(TestNetwork.Small, 23);
        using var engine = (SimdEngine)Create(model);
        using var small = new TestGraph(Sample(23, periodic: false), model.Config.Cutoff);
        AtomicSystem system = AtomicSystem.Random(23, 100, 9, 1.3, 2, periodic: true).Repeated(3, 2, 2);
        using var large = new TestGraph(system, model.Config.Cutoff);
        float[] output = new float[3 * system.Count];
        fixed (float* pointer = output)
        {
            float** outputs = stackalloc float*[] { pointer };
            IHalo halo = new ExchangingHalo(large.Halo);
            engine.Evaluate(small.Particles, small.Species, small.Neighbors, small.Halo, outputs);
            long held = engine.MemoryBytes;
            engine.Evaluate(large.Particles, large.Species, large.Neighbors, halo, outputs);
            double rows = 1.1 * sizeof(float) * engine.HaloWidth * (large.Particles.LocalCount + large.Particles.Count);
            Assert.InRange(engine.MemoryBytes - held, 0.8 * rows, 1.05 * rows);

            engine.Evaluate(large.Particles, large.Species, large.Neighbors, large.Halo, outputs);
            held = engine.MemoryBytes;
            float** rowsOfAtoms = outputs;
            Assert.Equal(0, Allocations.AfterTheFirst(
                () =>
                {
                    engine.Evaluate(large.Particles, large.Species, large.Neighbors, halo, rowsOfAtoms);
                    engine.Evaluate(large.Particles, large.Species, large.Neighbors, large.Halo, rowsOfAtoms);
                    engine.Evaluate(small.Particles, small.Species, small.Neighbors, small.Halo, rowsOfAtoms);
                },
                frames: 1));
            Assert.Equal(held, engine.MemoryBytes);
        }
    }

    [Fact]
    public void Two_atoms_in_one_place_give_finite_numbers()
    {
        NequipModel model = NequipModel.CreateRandom(TestNetwork.Small, 24);
        AtomicSystem system = Sample(24, periodic: true);
        system.Positions[1] = system.Positions[0];
        AssertEqualsReference(model, system, "two atoms in one place");
    }

    public void Dispose()
    {
        _pools.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Fresh networks have alpha = 0, which hides everything behind it.</summary>
    private static NequipModel WithAlpha(NequipModel model, int seed)
    {
        var random = new Random(seed);
        foreach (InteractionLayer layer in model.Layers)
            for (int w = 0; w < layer.Alpha.Weights.Length; w++)
                layer.Alpha.Weights[w] = (float)(2 * random.NextDouble() - 1);
        return model;
    }

    private void AssertEqualsReference(NequipModel model, AtomicSystem system, string what)
    {
        using var reference = new ReferenceEngine(model);
        using IEngine engine = Create(model);
        AssertEqual(reference, engine, system, what);
    }

    private void AssertEqual(ReferenceEngine reference, IEngine engine, AtomicSystem system, string what)
    {
        using var graph = new TestGraph(system, engine.Model.Cutoff + 0.3);
        double[] expected = Evaluate(reference, graph), actual = Evaluate(engine, graph);
        // Scaled by the largest value: random networks predict numbers far from 1.
        double scale = Math.Max(1, expected.Max(Math.Abs));
        Tolerance.AssertClose([.. expected.Select(e => e / scale)], [.. actual.Select(a => a / scale)], Tolerance.Single,
            $"{Network(engine).Config.Hidden}, {what}");
    }
}
