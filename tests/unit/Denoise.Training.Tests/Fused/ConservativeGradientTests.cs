using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Networks.Engines;
using Denoise.Networks.Engines.Reference;
using Denoise.Networks.Engines.Simd;
using Denoise.Networks.Models;
using Denoise.Networks.Tests.Support;
using Denoise.TestSupport;
using Denoise.Training.Batches;
using Denoise.Training.Fused;

namespace Denoise.Training.Tests.Fused;

public class ConservativeGradientTests
{
    private const double ClassWeight = 0.3;
    private const double Scale = 0.4;

    // The largest part of a gradient that the fused one may be off by where it differentiates over 0.001 Å, in single precision.
    private const double LargestPart = 0.003;

    /// <summary>The identity that training rests on, all in double precision, against central differences of the loss.</summary>
    [Theory]
    [InlineData("5x0e+3x1o+2x2e", "1x0e+1x1o+1x2e", "4x0e")]
    [InlineData("4x0e+2x1e+2x2e", "1x0e+1x1e+1x2e", "6x0e")]
    public void The_difference_of_two_gradients_is_the_gradient_of_the_loss(string hidden, string edge, string output)
    {
        NequipModel model = Model(hidden, edge, output);
        (AtomicSystem system, double[] targets) = Cell(51, count: 5, size: 4.2, closest: 1.3);
        using var oracle = new Oracle(model);
        ParameterGradients gradients = oracle.Gradients(system, targets, step: 1e-4);
        foreach (Tensor parameter in model.Parameters)
            CentralDifference.Check(() => oracle.Loss(system, targets), parameter.Values, gradients[parameter.Name], parameter.Name);
    }

    [Theory]
    [InlineData("5x0e+3x1o+2x2e", "1x0e+1x1o+1x2e", "4x0e", SimdWidth.Bits256)]
    [InlineData("17x0e+3x0o+9x1o+3x1e", "1x0e+1x1o", "5x0e", SimdWidth.Bits512)]
    [InlineData("6x0e+4x1e+5x2e", "1x0e+1x1e+1x2e", "6x0e", SimdWidth.Bits512)]
    public void The_fused_gradient_equals_the_reference(string hidden, string edge, string output, SimdWidth width)
    {
        NequipModel model = Model(hidden, edge, output);
        (AtomicSystem system, double[] targets) = Cell(53, count: 60, size: 7.5, closest: 1.3);
        using var oracle = new Oracle(model);
        ParameterGradients expected = oracle.Gradients(system, targets, step: 1e-4);
        using var pool = new WorkerPool(2);
        using var fused = new ConservativeGradient(model, pool, width, ClassWeight);
        using TrainingBatch batch = TestBatch.Of(model.Config.Cutoff, (system, targets));
        Assert.Equal(1, fused.Evaluate(batch) / oracle.Loss(system, targets), 5 * Tolerance.Single);
        double[] errors = oracle.Errors(system, targets);
        Tolerance.AssertClose(errors, [.. batch.Residuals.Span.ToArray().Select(residual => -(double)residual)], Tolerance.Single,
            "residuals");
        foreach (Tensor parameter in model.Parameters)
        {
            double scale = expected[parameter.Name].Max(Math.Abs);
            Assert.True(scale > 0, parameter.Name);
            Tolerance.AssertClose([.. expected[parameter.Name].Select(v => v / scale)],
                [.. fused.Gradients[parameter.Name].Select(v => v / scale)], LargestPart, parameter.Name);
        }
    }

    [Fact]
    public void A_perfect_prediction_leaves_the_cross_entropy()
    {
        NequipModel model = Model("5x0e+3x1o+2x2e", "1x0e+1x1o+1x2e", "4x0e");
        // One atom far from everything has no score.
        var lonely = new AtomicSystem(Box.Orthogonal(50, 50, 50), [default, new(20, 20, 20)], [1, 0]);
        using var pool = new WorkerPool(1);
        using var fused = new ConservativeGradient(model, pool, classWeight: ClassWeight);
        using TrainingBatch batch = TestBatch.Of(model.Config.Cutoff, (lonely, new double[6]));
        double loss = fused.Evaluate(batch);
        Assert.Equal(0, fused.SquaredError);
        Assert.Equal(ClassWeight * fused.Entropy, loss);
        Assert.All(model.Parameters, p => Assert.All(fused.Gradients[p.Name], value => Assert.True(double.IsFinite(value))));
        using var empty = new TrainingBatch();
        empty.Assemble();
        Assert.Equal(0, fused.Evaluate(empty));
    }

    [Fact]
    public void Bits_do_not_depend_on_the_number_of_threads()
    {
        NequipModel model = Model("5x0e+3x1o+2x2e", "1x0e+1x1o+1x2e", "4x0e");
        using TrainingBatch batch = TestBatch.Of(model.Config.Cutoff, Cell(54, count: 150, size: 11, closest: 1.2));
        var results = new List<double[][]>();
        foreach (int threads in (int[])[1, 2, 5])
        {
            using var pool = new WorkerPool(threads);
            using var gradient = new ConservativeGradient(model, pool);
            gradient.Evaluate(batch);
            results.Add([[gradient.Evaluate(batch)], .. model.Parameters.Select(p => gradient.Gradients[p.Name].ToArray())]);
        }

        Assert.All(results, result => Assert.Equal(results[0], result));
    }

    [Fact]
    public void Evaluating_allocates_nothing_after_the_first_time()
    {
        NequipModel model = Model("5x0e+3x1o+2x2e", "1x0e+1x1o+1x2e", "4x0e");
        using var pool = new WorkerPool(1);
        using var gradient = new ConservativeGradient(model, pool);
        using TrainingBatch batch = TestBatch.Of(model.Config.Cutoff, Cell(55, count: 60, size: 8, closest: 1.2));
        gradient.Evaluate(batch);
        Assert.Equal(0, Allocations.AfterTheFirst(() => gradient.Evaluate(batch)));
    }

    [Theory]
    [InlineData("1x1o+4x0e")]
    [InlineData("4x0e")]
    public void Networks_that_it_cannot_train_are_named(string output)
    {
        NequipModel model = NequipModel.CreateRandom(TestNetwork.Small with { Output = output }, seed: 46);
        Assert.False(ConservativeGradient.Supports(model, out string? reason));
        Assert.Contains("logits", reason, StringComparison.Ordinal);
    }

    private static NequipModel Model(string hidden, string edge, string output)
    {
        NequipModel model = NequipModel.CreateRandom(TestNetwork.Small with
        {
            Hidden = hidden,
            Edge = edge,
            Output = output,
            Envelope = CutoffEnvelope.Polynomial,
            ScoreScale = Scale,
        }, seed: 41);
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

    /// <summary>Loss and gradients in double precision.</summary>
    private sealed unsafe class Oracle(NequipModel model) : IDisposable
    {
        private readonly ReferenceEngine _engine = new(model);
        private readonly ReferenceGradient _gradient = new(model);

        public double Loss(AtomicSystem system, double[] targets) =>
            Errors(system, targets).Average(e => e * e) + ClassWeight * Logits(system).Select((logits, i) => (logits, i))
                .Where(atom => TestBatch.Class(atom.i) >= 0).Average(atom => CrossEntropy.Backward(atom.logits, TestBatch.Class(atom.i)));

        /// <summary>Predictions less targets.</summary>
        public double[] Errors(AtomicSystem system, double[] targets)
        {
            _gradient.Gradients.Clear();
            Accumulate(system, (logits, _) => LogDensity.Backward(logits));
            return [.. targets.Select((target, k) => -Scale * Scale * _gradient.Positions.Row(k / 3)[k % 3] - target)];
        }

        public ParameterGradients Gradients(AtomicSystem system, double[] targets, double step)
        {
            double[] errors = Errors(system, targets);
            var total = new ParameterGradients(model);
            void Add(double move, double factor, Action<Span<double>, int> adjoint)
            {
                Vec3[] positions = [.. system.Positions.Select((r, i) => r + new Vec3(errors[3 * i], errors[3 * i + 1], errors[3 * i + 2]) * move)];
                _gradient.Gradients.Clear();
                Accumulate(system with { Positions = positions }, adjoint);
                foreach (Tensor parameter in model.Parameters)
                    for (int k = 0; k < parameter.Values.Length; k++)
                        total[parameter.Name][k] += factor * _gradient.Gradients[parameter.Name][k];
            }

            double slope = -Scale * Scale / (errors.Length * step);
            Add(step, slope, (logits, _) => LogDensity.Backward(logits));
            Add(-step, -slope, (logits, _) => LogDensity.Backward(logits));
            int labelled = Enumerable.Range(0, system.Count).Count(i => TestBatch.Class(i) >= 0);
            Add(0, ClassWeight / labelled, (logits, i) =>
            {
                if (TestBatch.Class(i) >= 0)
                    CrossEntropy.Backward(logits, TestBatch.Class(i));
                else
                    logits.Clear();
            });
            return total;
        }

        public void Dispose()
        {
            _engine.Dispose();
            _gradient.Dispose();
        }

        private double[][] Logits(AtomicSystem system)
        {
            using var graph = new TestGraph(system, model.Config.Cutoff);
            double[] logits = new double[system.Count * model.Output.Dimension];
            fixed (double* pointer = logits)
                _engine.EvaluateDouble(graph.Particles, graph.Species, graph.Neighbors, graph.Halo, pointer);
            return [.. logits.Chunk(model.Output.Dimension)];
        }

        private void Accumulate(AtomicSystem system, Action<Span<double>, int> adjoint)
        {
            double[][] logits = Logits(system);
            for (int i = 0; i < logits.Length; i++)
                adjoint(logits[i], i);
            using var graph = new TestGraph(system, model.Config.Cutoff);
            _gradient.Accumulate(_engine.Trace, new ReadOnlySpan<int>(graph.Species, graph.Particles.Count),
                new ShellReverseHalo(graph.Shell), [.. logits.SelectMany(row => row)]);
        }
    }
}
