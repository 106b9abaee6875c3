using Denoise.Atoms.Threading;
using Denoise.Networks.Engines;
using Denoise.Networks.Engines.Reference;
using Denoise.Networks.Engines.Simd;
using Denoise.Networks.Models;
using Denoise.Networks.Tests.Support;
using Denoise.TestSupport;
using Denoise.Training.Batches;
using Denoise.Training.Forces;
using Denoise.Training.Fused;

namespace Denoise.Training.Tests.Forces;

/// <summary>Gradients of the losses of trainings that know forces, against central differences of the loss in double precision.</summary>
public class ForceGradientTests
{
    private const double EnergyWeight = 0.3;

    public static TheoryData<string, string, SimdWidth> Networks => new()
    {
        { "1x0e+1x1o+1x1o", "4x0e+3x1o+5x2e", SimdWidth.Bits256 },
        { "1x0e+1x1o+1x1o", "4x0e+17x1o", SimdWidth.Bits512 },
        { "1x0e+1x1o", "", SimdWidth.Bits256 },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Loss_and_gradients_equal_the_reference(string output, string encoding, SimdWidth width)
    {
        NequipModel model = Model(output, encoding, [Head.Energy, Head.Forces, Head.Displacement]);
        using TrainingCell one = Cell(91, 40, hasEnergy: true), two = Cell(92, 23, hasEnergy: false), three = Cell(93, 31, hasEnergy: true);
        TrainingCell[] cells = [one, two, three];
        using var batch = new TrainingBatch();
        batch.Assemble(cells);
        batch.Labels!.NoiseWeight = 0.7;
        using var pool = new WorkerPool(2);
        using var fused = new ForceGradient(model, pool, width, EnergyWeight);
        double loss = fused.Evaluate(batch);
        (double expected, ParameterGradients gradients) = Reference(model, cells, noiseWeight: output == "1x0e+1x1o" ? 0 : 0.7);
        Assert.Equal(1, loss / expected, 5 * Tolerance.Single);
        foreach (Tensor parameter in model.Parameters)
        {
            double scale = gradients[parameter.Name].Max(Math.Abs);
            Assert.True(scale > 0, parameter.Name);
            Tolerance.AssertClose([.. gradients[parameter.Name].Select(v => v / scale)],
                [.. fused.Gradients[parameter.Name].Select(v => v / scale)], 1e-4, parameter.Name);
        }

        // Once more, from buffers that hold the first one's numbers.
        Assert.Equal(loss, fused.Evaluate(batch));
    }

    [Fact]
    public void The_reference_of_this_test_is_the_gradient_of_its_loss()
    {
        NequipModel model = Model("1x0e+1x1o+1x1o", "4x0e+3x1o+5x2e", [Head.Energy, Head.Forces, Head.Displacement]);
        using TrainingCell cell = Cell(94, 5, hasEnergy: true);
        TrainingCell[] cells = [cell];
        ParameterGradients gradients = Reference(model, cells, 0.7).Gradients;
        foreach (Tensor parameter in model.Parameters)
            CentralDifference.Check(() => Reference(model, cells, 0.7).Loss, parameter.Values, gradients[parameter.Name], parameter.Name);
    }

    [Fact]
    public void Displacements_told_forces_learn_as_the_reference_does()
    {
        NequipModel model = Model("1x1o", "4x0e+3x1o+5x2e", [Head.Displacement]);
        using TrainingCell cell = Cell(95, 40, hasEnergy: false);
        using var batch = new TrainingBatch();
        batch.Assemble(cell);
        using var pool = new WorkerPool(2);
        using var fused = new FusedGradient(model, pool);
        double loss = fused.Evaluate(batch);
        using var oracle = new Oracle(model, cell);
        double[] prediction = oracle.Predict(), target = [.. cell.Targets.Span.ToArray().Select(t => (double)t)];
        Assert.Equal(1, loss / MeanSquaredError.Forward(prediction, target), 5 * Tolerance.Single);
        double[] adjoint = new double[prediction.Length];
        MeanSquaredError.Backward(prediction, target, adjoint);
        ParameterGradients gradients = oracle.Gradients(adjoint);
        foreach (Tensor parameter in model.Parameters)
        {
            double scale = gradients[parameter.Name].Max(Math.Abs);
            Tolerance.AssertClose([.. gradients[parameter.Name].Select(v => v / scale)],
                [.. fused.Gradients[parameter.Name].Select(v => v / scale)], 1e-4, parameter.Name);
        }
    }

    [Fact]
    public void Bits_do_not_depend_on_the_number_of_threads()
    {
        NequipModel model = Model("1x0e+1x1o+1x1o", "4x0e+3x1o+5x2e", [Head.Energy, Head.Forces, Head.Displacement]);
        using TrainingCell one = Cell(96, 120, hasEnergy: true), two = Cell(97, 77, hasEnergy: true);
        using var batch = new TrainingBatch();
        batch.Assemble(one, two);
        batch.Labels!.NoiseWeight = 0.7;
        var results = new List<double[][]>();
        foreach (int threads in (int[])[1, 2, 5])
        {
            using var pool = new WorkerPool(threads);
            using var gradient = new ForceGradient(model, pool, energyWeight: EnergyWeight);
            results.Add([[gradient.Evaluate(batch)], .. model.Parameters.Select(p => gradient.Gradients[p.Name].ToArray())]);
        }

        Assert.All(results, result => Assert.Equal(results[0], result));
    }

    [Fact]
    public void Networks_that_it_cannot_train_are_named()
    {
        Assert.False(ForceGradient.Supports(Model("1x1o", "", [Head.Displacement]), out string? reason));
        Assert.Contains("energies and forces", reason, StringComparison.Ordinal);
    }

    private static NequipModel Model(string output, string encoding, string[] heads)
    {
        NequipModel model = NequipModel.CreateRandom(TestNetwork.Small with
        {
            Output = output,
            Heads = [.. heads.Take(output.Split('+').Length)],
            ForceEncoding = encoding,
            Envelope = CutoffEnvelope.Polynomial,
        }, seed: 90);
        foreach (InteractionLayer layer in model.Layers)
            for (int i = 0; i < layer.Alpha.Weights.Length; i++)
                layer.Alpha.Weights[i] = i % 2 == 0 ? 0.7f : -0.4f;
        return model;
    }

    /// <summary>A sample of which every third atom was moved.</summary>
    private static TrainingCell Cell(int seed, int count, bool hasEnergy)
    {
        double size = Math.Cbrt(count * 9.0);
        AtomicSystem system = AtomicSystem.Random(seed, count, size, closest: 1.2, speciesCount: 2, periodic: true);
        var random = new Random(seed);
        var cell = new TrainingCell { Labels = new() };
        cell.Resize(count);
        cell.Box = system.Box;
        for (int i = 0; i < count; i++)
        {
            cell.Species[i] = system.Species[i];
            cell.Classes[i] = TrainingCell.Unlabelled;
            cell.Labels.IsMoved[i] = (byte)(i % 3 == 0 ? 1 : 0);
            for (int axis = 0; axis < 3; axis++)
            {
                cell.Positions[3 * i + axis] = system.Positions[i][axis];
                cell.Targets[3 * i + axis] = (float)Rotations.Normal(random);
                cell.Labels.Forces[3 * i + axis] = (float)Rotations.Normal(random);
                cell.Labels.Told[3 * i + axis] = i % 3 == 0 ? Rotations.Normal(random) : 0;
            }
        }

        cell.Labels.Counts.Add(count);
        cell.Labels.Energies.Add(hasEnergy ? Rotations.Normal(random) : double.NaN);
        using var finder = new EdgeFinder();
        finder.Find(cell, TestNetwork.Small.Cutoff);
        return cell;
    }

    /// <summary>The loss as its formula is written.</summary>
    private static (double Loss, ParameterGradients Gradients) Reference(NequipModel model, TrainingCell[] cells, double noiseWeight)
    {
        int width = model.Output.Dimension, moved = cells.Sum(cell => cell.Labels!.IsMoved.Span.Count((byte)1));
        int still = cells.Sum(cell => cell.Count) - moved, known = cells.Count(cell => !double.IsNaN(cell.Labels!.Energies[0]));
        var total = new ParameterGradients(model);
        double loss = 0;
        foreach (TrainingCell cell in cells)
        {
            using var oracle = new Oracle(model, cell);
            double[] rows = oracle.Predict(), adjoint = new double[rows.Length];
            ForceLabels labels = cell.Labels!;
            double energyError = Enumerable.Range(0, cell.Count).Average(i => rows[i * width]) - labels.Energies[0];
            if (!double.IsNaN(energyError))
                loss += EnergyWeight * Math.Abs(energyError) / known;
            for (int i = 0; i < cell.Count; i++)
            {
                bool isMoved = labels.IsMoved[i] != 0;
                adjoint[i * width] = double.IsNaN(energyError) ? 0 : EnergyWeight * Math.Sign(energyError) / (known * (double)cell.Count);
                if (isMoved && noiseWeight == 0)
                    continue;
                int offset = i * width + (isMoved ? 4 : 1);
                double weight = isMoved ? noiseWeight / moved : 1.0 / still;
                double[] error = [.. Enumerable.Range(0, 3).Select(k =>
                    rows[offset + k] - (isMoved ? cell.Targets[3 * i + k] : labels.Forces[3 * i + k]))];
                double length = Math.Sqrt(error.Sum(e => e * e));
                loss += weight * length;
                for (int k = 0; k < 3; k++)
                    adjoint[offset + k] = weight * error[k] / length;
            }

            ParameterGradients part = oracle.Gradients(adjoint);
            foreach (Tensor parameter in model.Parameters)
                for (int k = 0; k < parameter.Values.Length; k++)
                    total[parameter.Name][k] += part[parameter.Name][k];
        }

        return (loss, total);
    }

    /// <summary>A sample in double precision.</summary>
    private sealed unsafe class Oracle : IDisposable
    {
        private readonly ReferenceEngine _engine;
        private readonly ReferenceGradient _gradient;
        private readonly TestGraph _graph;
        private readonly NequipModel _model;

        public Oracle(NequipModel model, TrainingCell cell)
        {
            (_model, _engine, _gradient) = (model, new(model) { Forces = cell.Labels!.Told.Pointer }, new(model));
            var system = new AtomicSystem(cell.Box, [.. cell.Positions.Span.ToArray().Chunk(3).Select(r => new Atoms.Vec3(r[0], r[1], r[2]))],
                cell.Species.Span.ToArray());
            _graph = new(system, model.Config.Cutoff);
        }

        public double[] Predict()
        {
            double[] rows = new double[_graph.Particles.LocalCount * _model.Output.Dimension];
            fixed (double* pointer = rows)
                _engine.EvaluateDouble(_graph.Particles, _graph.Species, _graph.Neighbors, _graph.Halo, pointer);
            return rows;
        }

        public ParameterGradients Gradients(double[] adjoint)
        {
            _gradient.Gradients.Clear();
            _gradient.Accumulate(_engine.Trace, new ReadOnlySpan<int>(_graph.Species, _graph.Particles.Count),
                new ShellReverseHalo(_graph.Shell), adjoint);
            return _gradient.Gradients;
        }

        public void Dispose()
        {
            _engine.Dispose();
            _gradient.Dispose();
            _graph.Dispose();
        }
    }
}
