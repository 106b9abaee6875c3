using System.Text.Json;
using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Networks.Engines;
using Denoise.Networks.Engines.Reference;
using Denoise.Networks.Engines.Simd;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;
using Denoise.Networks.Tests.Support;
using Denoise.TestSupport;
using Denoise.Training.Batches;
using Denoise.Training.Fused;

namespace Denoise.Training.Tests.Fused;

public class FusedGradientTests
{
    public static TheoryData<string, SimdWidth> PublishedNetworks => new()
    {
        { "nequip-paper", SimdWidth.Bits256 },
        { "nequip-paper", SimdWidth.Bits512 },
        { "nequip-parity", SimdWidth.Bits256 },
        { "nequip-parity", SimdWidth.Bits512 },
    };

    [SharedTheory]
    [MemberData(nameof(PublishedNetworks))]
    public void Gradients_equal_the_published_implementation(string name, SimdWidth width)
    {
        NequipModel model = TestModels.Load($"{name}.pt");
        using var pool = new WorkerPool(2);
        using var gradient = new FusedGradient(model, pool, width);
        foreach (JsonElement test in ReferenceFile.Open($"{name}.json").GetProperty("cases").EnumerateArray())
        {
            AtomicSystem system = AtomicSystem.Read(test, test.Integers("species"));
            using TrainingBatch batch = TestBatch.Of(model.Config.Cutoff, (system, test.Numbers("target")));
            Assert.Equal(test.GetProperty("loss").GetDouble(), gradient.Evaluate(batch), Tolerance.Single);
            foreach (JsonProperty expected in test.GetProperty("gradients").EnumerateObject())
                AssertClose(expected.Value.Numbers(), gradient.Gradients[expected.Name],
                    $"{name} {test.GetProperty("name")} {expected.Name}");
        }
    }

    [Theory]
    [InlineData("5x0e+3x1o+2x2e", "1x0e+1x1o+1x2e", "1x1o", CutoffEnvelope.None, SimdWidth.Bits256)]
    [InlineData("9x0e+4x0o+17x1o+3x1e", "1x0e+1x1o", "1x1e", CutoffEnvelope.Polynomial, SimdWidth.Bits256)]
    [InlineData("9x0e+4x0o+17x1o+3x1e", "1x0e+1x1o", "1x1e", CutoffEnvelope.Polynomial, SimdWidth.Bits512)]
    [InlineData("6x0e+4x1e+5x2e", "1x0e+1x1e+1x2e", "1x1e", CutoffEnvelope.Polynomial, SimdWidth.Bits512)]
    [InlineData("3x0e+2x0e+7x1e+3x1e", "1x0e+1x2e+1x1e", "1x1e", CutoffEnvelope.None, SimdWidth.Bits256)]
    [InlineData("6x0e+4x1o+2x2e", "1x0e+1x1o+1x2e", "1x1o+4x0e", CutoffEnvelope.Polynomial, SimdWidth.Bits256)]
    [InlineData("19x0e+4x1e", "1x0e+1x1e+1x2e", "21x0e+1x1e", CutoffEnvelope.Polynomial, SimdWidth.Bits512)]
    [InlineData("6x0e+4x1o+2x2e+5x3o", "1x0e+1x1o+1x2e+1x3o", "1x1o+4x0e", CutoffEnvelope.Polynomial, SimdWidth.Bits256)]
    [InlineData("6x0e+4x1e+2x3e/5x0e+4x1e", "1x0e+1x1e+1x3e", "1x1e+4x0e", CutoffEnvelope.Polynomial, SimdWidth.Bits512)]
    public void Gradients_equal_the_reference_over_several_cells(string hidden, string edge, string output, CutoffEnvelope envelope,
        SimdWidth width)
    {
        NequipConfig config = TestNetwork.Small with
        {
            Hidden = hidden,
            Edge = edge,
            Output = output,
            Envelope = envelope,
            AttributeEmbedding = "2x0e+1x0e",
            Radial = [8, 12, 16],
        };
        NequipModel model = WithAlpha(NequipModel.CreateRandom(config, seed: 41));
        (AtomicSystem System, double[] Targets)[] cells =
        [
            // Thinner than the cutoff, so that atoms are neighbors of their own images; one atom; more edges than a block holds.
            Cell(51, count: 5, size: 4, closest: 1.3), Cell(52, count: 1, size: 3, closest: 1), Cell(53, count: 70, size: 6.8, closest: 1),
        ];

        using var pool = new WorkerPool(3);
        using var fused = new FusedGradient(model, pool, width, ClassWeight);
        using TrainingBatch batch = TestBatch.Of(config.Cutoff, cells);
        Assert.Contains(Enumerable.Range(0, batch.AtomCount), i => batch.Starts[i + 1] - batch.Starts[i] > 32);
        double loss = fused.Evaluate(batch);

        using var engine = new ReferenceEngine(model);
        using var reference = new ReferenceGradient(model);
        var entropies = new List<double>();
        double[] errors = [.. cells.SelectMany(cell => Accumulate(engine, reference, cell, batch, entropies))];
        double entropy = entropies.Count == 0 ? 0 : entropies.Average();
        Assert.Equal(1, loss / (errors.Average(e => e * e) + ClassWeight * entropy), Tolerance.Single);
        Assert.Equal((errors.Average(e => e * e), entropy), (fused.SquaredError, fused.Entropy), Close);
        AssertClose(errors, [.. batch.Residuals.Span.ToArray().Select(residual => -(double)residual)], "residuals");
        foreach (Tensor parameter in model.Parameters)
            AssertClose(reference.Gradients[parameter.Name], fused.Gradients[parameter.Name], parameter.Name);
    }

    [Fact]
    public void Bits_do_not_depend_on_the_number_of_threads()
    {
        NequipModel model = WithAlpha(NequipModel.CreateRandom(TestNetwork.Small, seed: 42));
        using TrainingBatch batch = TestBatch.Of(model.Config.Cutoff, Cell(54, count: 150, size: 11, closest: 1.2));
        var results = new List<(double Loss, double[][] Gradients)>();
        foreach (int threads in (int[])[1, 2, 5])
        {
            using var pool = new WorkerPool(threads);
            using var gradient = new FusedGradient(model, pool);
            // The second evaluation meets buffers that hold the first one's numbers.
            gradient.Evaluate(batch);
            results.Add((gradient.Evaluate(batch), [.. model.Parameters.Select(p => gradient.Gradients[p.Name])]));
        }

        Assert.All(results, result => Assert.Equal(results[0].Loss, result.Loss));
        Assert.All(results, result => Assert.Equal(results[0].Gradients, result.Gradients));
    }

    [Fact]
    public void A_batch_of_no_edges_or_no_atoms_has_finite_gradients()
    {
        NequipModel model = WithAlpha(NequipModel.CreateRandom(TestNetwork.Small, seed: 43));
        using var pool = new WorkerPool(1);
        using var gradient = new FusedGradient(model, pool);
        using var empty = new TrainingBatch();
        empty.Assemble();
        Assert.Equal(0, gradient.Evaluate(empty));

        var lonely = new AtomicSystem(Box.Orthogonal(50, 50, 50), [default], [1]);
        using TrainingBatch batch = TestBatch.Of(model.Config.Cutoff, (lonely, [0.3, 0, 0]));
        Assert.Equal(0, batch.EdgeCount);
        Assert.Equal(0.03, gradient.Evaluate(batch), Tolerance.Single);
        Assert.All(model.Parameters, p => Assert.All(gradient.Gradients[p.Name], value => Assert.Equal(0, value)));
    }

    [Fact]
    public void Evaluating_allocates_nothing_after_the_first_time()
    {
        NequipModel model = WithAlpha(NequipModel.CreateRandom(TestNetwork.Small, seed: 44));
        using var pool = new WorkerPool(1);
        using var gradient = new FusedGradient(model, pool);
        using TrainingBatch large = TestBatch.Of(model.Config.Cutoff, Cell(55, count: 60, size: 8, closest: 1.2));
        using TrainingBatch small = TestBatch.Of(model.Config.Cutoff, Cell(56, count: 20, size: 6, closest: 1.2));
        gradient.Evaluate(large);
        gradient.Evaluate(small);
        long memory = gradient.MemoryBytes;
        Assert.Equal(0, Allocations.AfterTheFirst(() =>
        {
            gradient.Evaluate(large);
            gradient.Evaluate(small);
        }));
        Assert.Equal(memory, gradient.MemoryBytes);
    }

    [Fact]
    public void A_species_that_the_network_does_not_know_is_refused()
    {
        NequipModel model = NequipModel.CreateRandom(TestNetwork.Small, seed: 45);
        using var pool = new WorkerPool(1);
        using var gradient = new FusedGradient(model, pool);
        var system = new AtomicSystem(Box.Orthogonal(5, 5, 5), [default], [2]);
        using TrainingBatch batch = TestBatch.Of(model.Config.Cutoff, (system, new double[3]));
        Assert.Contains("species 2", Assert.Throws<InputException>(() => gradient.Evaluate(batch)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4x0e+2x1e+1x4e", "1x0e+1x1e+1x4e", "1x1e")]
    [InlineData("4x0e+2x1e", "1x0e+1x1e", "2x0e")]
    [InlineData("4x0e+2x1e", "1x0e+1x1e", "2x1e+1x0e")]
    public void Networks_that_it_cannot_train_are_named(string hidden, string edge, string output)
    {
        NequipModel model = NequipModel.CreateRandom(TestNetwork.Small with { Hidden = hidden, Edge = edge, Output = output }, seed: 46);
        Assert.False(FusedGradient.Supports(model, out string? reason));
        Assert.NotEmpty(reason);
    }

    [Fact]
    public void A_class_that_the_network_does_not_know_is_refused()
    {
        NequipModel model = NequipModel.CreateRandom(TestNetwork.Small with { Output = "1x1o+3x0e" }, seed: 47);
        using var pool = new WorkerPool(1);
        using var gradient = new FusedGradient(model, pool);
        using TrainingBatch batch = TestBatch.Of(model.Config.Cutoff, Cell(57, count: 5, size: 6, closest: 1.3));
        Assert.Contains("class 3", Assert.Throws<InputException>(() => gradient.Evaluate(batch)).Message, StringComparison.Ordinal);
    }

    private const double ClassWeight = 0.3;

    private static readonly EqualityComparer<(double, double)> Close = EqualityComparer<(double, double)>.Create((a, b) =>
        Math.Abs(a.Item1 - b.Item1) <= Tolerance.Single * a.Item1 && Math.Abs(a.Item2 - b.Item2) <= Tolerance.Single * Math.Max(1, a.Item2));

    private static NequipModel WithAlpha(NequipModel model)
    {
        // A fresh network has alpha = 0, which would hide most of it.
        foreach (InteractionLayer layer in model.Layers)
            for (int i = 0; i < layer.Alpha.Weights.Length; i++)
                layer.Alpha.Weights[i] = i % 2 == 0 ? 0.7f : -0.4f;
        return model;
    }

    private static (AtomicSystem System, double[] Targets) Cell(int seed, int count, double size, double closest)
    {
        AtomicSystem system = AtomicSystem.Random(seed, count, size, closest, speciesCount: 2, periodic: true);
        var random = new Random(seed);
        return (system, [.. Enumerable.Range(0, 3 * count).Select(_ => random.NextDouble() - 0.5)]);
    }

    /// <summary>Adds the gradients of a cell to those of the reference; returns predictions less targets.</summary>
    private static unsafe double[] Accumulate(
        ReferenceEngine engine, ReferenceGradient gradient, (AtomicSystem System, double[] Targets) cell, TrainingBatch batch,
        List<double> entropies)
    {
        using var graph = new TestGraph(cell.System, engine.Model.Config.Cutoff);
        int width = engine.Model.Output.Dimension;
        double[] prediction = new double[width * cell.System.Count];
        fixed (double* pointer = prediction)
            engine.EvaluateDouble(graph.Particles, graph.Species, graph.Neighbors, graph.Halo, pointer);
        double[] error = new double[cell.Targets.Length], adjoint = new double[prediction.Length];
        IrrepBlock displacement = engine.Model.Heads[engine.Model.IndexOfHead(Head.Displacement)].Block;
        for (int k = 0; k < error.Length; k++)
        {
            int at = k / 3 * width + displacement.Offset + k % 3;
            error[k] = prediction[at] - cell.Targets[k];
            adjoint[at] = 2 * error[k] / (3 * batch.AtomCount);
        }

        if (engine.Model.IndexOfHead(Head.Logits) is int head and >= 0)
        {
            IrrepBlock block = engine.Model.Heads[head].Block;
            for (int i = 0; i < cell.System.Count; i++)
                if (TestBatch.Class(i) is int wanted and >= 0)
                {
                    Span<double> row = prediction.AsSpan(i * width + block.Offset, block.Dimension);
                    entropies.Add(CrossEntropy.Backward(row, wanted));
                    for (int c = 0; c < row.Length; c++)
                        adjoint[i * width + block.Offset + c] = ClassWeight * row[c] / batch.LabelledCount;
                }
        }

        gradient.Accumulate(engine.Trace, new ReadOnlySpan<int>(graph.Species, graph.Particles.Count), new ShellReverseHalo(graph.Shell),
            adjoint);
        return error;
    }

    /// <summary>Gradients are small: compared with the largest of their tensor.</summary>
    private static void AssertClose(double[] expected, double[] actual, string what)
    {
        double scale = expected.Max(Math.Abs);
        Assert.True(scale > 0, what);
        Tolerance.AssertClose([.. expected.Select(v => v / scale)], [.. actual.Select(v => v / scale)], Tolerance.Single, what);
    }
}
