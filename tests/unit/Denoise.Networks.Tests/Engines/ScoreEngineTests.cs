using Denoise.Atoms.Threading;
using Denoise.Networks.Engines;
using Denoise.Networks.Engines.Fused;
using Denoise.Networks.Engines.Reference;
using Denoise.Networks.Engines.Simd;
using Denoise.Networks.Models;
using Denoise.Networks.Tests.Support;
using Denoise.Parallel;
using Denoise.TestSupport;

namespace Denoise.Networks.Tests.Engines;

public class ScoreEngineTests
{
    private const double Scale = 0.3;

    public static TheoryData<string, string, string, CutoffEnvelope, SimdWidth> Networks => new()
    {
        { "5x0e+3x1o+2x2e", "1x0e+1x1o+1x2e", "4x0e", CutoffEnvelope.Polynomial, SimdWidth.Bits256 },
        { "9x0e+4x0o+17x1o+3x1e", "1x0e+1x1o", "7x0e", CutoffEnvelope.Polynomial, SimdWidth.Bits256 },
        { "9x0e+4x0o+17x1o+3x1e", "1x0e+1x1o", "7x0e", CutoffEnvelope.Polynomial, SimdWidth.Bits512 },
        { "6x0e+4x1e+5x2e", "1x0e+1x1e+1x2e", "3x0e", CutoffEnvelope.Polynomial, SimdWidth.Bits512 },
        { "6x0e+4x1e+5x2o+2x2e", "1x0e+1x1e+1x2e", "3x0e", CutoffEnvelope.None, SimdWidth.Bits256 },
        { "19x0e+9x2e", "1x2e+1x0e", "20x0e", CutoffEnvelope.Polynomial, SimdWidth.Bits512 },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Displacements_and_logits_equal_the_reference(string hidden, string edge, string output, CutoffEnvelope envelope,
        SimdWidth width)
    {
        NequipModel model = Model(hidden, edge, output, envelope);
        using var pool = new WorkerPool(3);
        using var engine = new ScoreEngine(model, pool, width);
        using var reference = new ReferenceScoreEngine(model);
        foreach (AtomicSystem system in Systems())
        {
            using var graph = new TestGraph(system, model.Config.Cutoff);
            float[] expected = Evaluate(reference, graph, graph.Halo);
            AssertClose(expected, Evaluate(engine, graph, graph.Halo), $"images of {system.Count} atoms");
            AssertClose(expected, Evaluate(engine, graph, new ExchangingHalo(graph.Halo)), $"exchanges of {system.Count} atoms");
        }
    }

    [Fact]
    public void Pairs_of_the_skin_count_for_nothing()
    {
        NequipModel model = Model("5x0e+3x1o+2x2e", "1x0e+1x1o+1x2e", "4x0e", CutoffEnvelope.Polynomial);
        using var pool = new WorkerPool(1);
        using var engine = new ScoreEngine(model, pool);
        AtomicSystem system = AtomicSystem.Random(61, count: 40, size: 8, closest: 1.2, speciesCount: 2, periodic: true);
        using var graph = new TestGraph(system, model.Config.Cutoff);
        using var wide = new TestGraph(system, model.Config.Cutoff + 0.5);
        AssertClose(Evaluate(engine, graph, graph.Halo), Evaluate(engine, wide, wide.Halo), "with a skin");
    }

    [Fact]
    public void Domains_give_what_one_gives()
    {
        NequipModel model = Model("5x0e+3x1o+2x2e", "1x0e+1x1o+1x2e", "4x0e", CutoffEnvelope.Polynomial);
        AtomicSystem system = AtomicSystem.Random(62, count: 90, size: 9, closest: 1.2, speciesCount: 2, periodic: true);
        using var pool = new WorkerPool(1);
        using var engine = new ScoreEngine(model, pool);
        using var graph = new TestGraph(system, model.Config.Cutoff);
        float[] one = Evaluate(engine, graph, graph.Halo);
        var random = new Random(63);
        // The last domain owns nothing.
        int[] owner = [.. system.Positions.Select(_ => random.Next(3))];
        var pools = new List<WorkerPool>();
        double[] many = DomainRunner.Evaluate(system, owner, 4,
            () =>
            {
                var own = new WorkerPool(1);
                lock (pools)
                    pools.Add(own);
                return new ScoreEngine(model, own);
            },
            (each, part) => [.. Evaluate(each, part, part.Halo).Select(value => (double)value)]);
        pools.ForEach(own => own.Dispose());
        AssertClose(one, [.. many.Select(value => (float)value)], "four domains");
    }

    [Fact]
    public void Bits_do_not_depend_on_the_number_of_threads()
    {
        NequipModel model = Model("5x0e+3x1o+2x2e", "1x0e+1x1o+1x2e", "4x0e", CutoffEnvelope.Polynomial);
        AtomicSystem system = AtomicSystem.Random(64, count: 150, size: 11, closest: 1.2, speciesCount: 2, periodic: true);
        using var graph = new TestGraph(system, model.Config.Cutoff);
        var results = new List<float[]>();
        foreach (int threads in (int[])[1, 2, 5])
        {
            using var pool = new WorkerPool(threads);
            using var engine = new ScoreEngine(model, pool);
            // The second evaluation meets buffers that hold the first one's numbers.
            Evaluate(engine, graph, graph.Halo);
            results.Add(Evaluate(engine, graph, graph.Halo));
        }

        Assert.All(results, result => Assert.Equal(results[0], result));
    }

    [Fact]
    public unsafe void Evaluating_allocates_nothing_after_the_first_time()
    {
        NequipModel model = Model("5x0e+3x1o+2x2e", "1x0e+1x1o+1x2e", "4x0e", CutoffEnvelope.Polynomial);
        AtomicSystem system = AtomicSystem.Random(65, count: 60, size: 8, closest: 1.2, speciesCount: 2, periodic: true);
        using var graph = new TestGraph(system, model.Config.Cutoff);
        using var pool = new WorkerPool(1);
        using var engine = new ScoreEngine(model, pool);
        float[] values = new float[7 * system.Count];
        fixed (float* pointer = values)
        {
            float** outputs = stackalloc float*[2];
            outputs[0] = pointer;
            outputs[1] = pointer + 3 * system.Count;
            engine.Evaluate(graph.Particles, graph.Species, graph.Neighbors, graph.Halo, outputs);
            long memory = engine.MemoryBytes;
            var exchanging = new ExchangingHalo(graph.Halo);
            engine.Evaluate(graph.Particles, graph.Species, graph.Neighbors, exchanging, outputs);
            long exchangingMemory = engine.MemoryBytes;
            Assert.InRange(exchangingMemory, memory + 1, long.MaxValue);
            nint to = (nint)outputs;
            Assert.Equal(0, Allocations.AfterTheFirst(() =>
                engine.Evaluate(graph.Particles, graph.Species, graph.Neighbors, graph.Halo, (float**)to)));
            Assert.Equal(exchangingMemory, engine.MemoryBytes);
        }
    }

    [Fact]
    public void A_network_without_logits_is_refused()
    {
        NequipModel model = NequipModel.CreateRandom(TestNetwork.Small, seed: 66);
        using var pool = new WorkerPool(1);
        Assert.Throws<NotSupportedException>(() => new ScoreEngine(model, pool));
    }

    private static NequipModel Model(string hidden, string edge, string output, CutoffEnvelope envelope)
    {
        NequipModel model = NequipModel.CreateRandom(TestNetwork.Small with
        {
            Hidden = hidden,
            Edge = edge,
            Output = output,
            Envelope = envelope,
            ScoreScale = Scale,
        }, seed: 67);
        // A fresh network has alpha = 0, which would hide most of it.
        foreach (InteractionLayer layer in model.Layers)
            for (int i = 0; i < layer.Alpha.Weights.Length; i++)
                layer.Alpha.Weights[i] = i % 2 == 0 ? 0.7f : -0.4f;
        return model;
    }

    /// <summary>Thinner than the cutoff, one atom, more edges than a block holds, without any.</summary>
    private static AtomicSystem[] Systems() =>
    [
        AtomicSystem.Random(68, count: 5, size: 4, closest: 1.3, speciesCount: 2, periodic: true),
        AtomicSystem.Random(69, count: 1, size: 3, closest: 1, speciesCount: 2, periodic: true),
        AtomicSystem.Random(70, count: 70, size: 6.8, closest: 1, speciesCount: 2, periodic: true),
        AtomicSystem.Random(71, count: 1, size: 50, closest: 1, speciesCount: 2, periodic: true),
    ];

    /// <summary>[atoms, 3 and classes]</summary>
    private static unsafe float[] Evaluate(IEngine engine, TestGraph graph, IHalo halo)
    {
        int atoms = graph.Particles.LocalCount, classes = engine.Heads[1].Dimension;
        float[] displacements = new float[3 * atoms + 1], logits = new float[classes * atoms + 1];
        float** outputs = stackalloc float*[2];
        fixed (float* first = displacements, second = logits)
        {
            outputs[0] = first;
            outputs[1] = second;
            engine.Evaluate(graph.Particles, graph.Species, graph.Neighbors, halo, outputs);
        }

        return [.. Enumerable.Range(0, atoms).SelectMany(i => displacements.AsSpan(3 * i, 3).ToArray()
            .Concat(logits.AsSpan(classes * i, classes).ToArray()))];
    }

    private static void AssertClose(float[] expected, float[] actual, string what)
    {
        Assert.True(expected.Length > 0);
        Tolerance.AssertClose([.. expected.Select(v => (double)v)], [.. actual.Select(v => (double)v)], Tolerance.Single, what);
    }
}
