using System.Text.Json;
using Denoise.Atoms;
using Denoise.Networks.Engines;
using Denoise.Networks.Engines.Reference;
using Denoise.Networks.Models;
using Denoise.Networks.Tests.Support;
using Denoise.TestSupport;

namespace Denoise.Training.Tests.Reference;

public class ReferenceGradientTests
{
    [SharedTheory]
    [InlineData("nequip-paper")]
    [InlineData("nequip-parity")]
    public void Gradients_equal_the_published_implementation(string name)
    {
        NequipModel model = TestModels.Load($"{name}.pt");
        using var engine = new ReferenceEngine(model);
        using var gradient = new ReferenceGradient(model);
        foreach (JsonElement test in ReferenceFile.Open($"{name}.json").GetProperty("cases").EnumerateArray())
        {
            gradient.Gradients.Clear();
            using var graph = new TestGraph(AtomicSystem.Read(test, test.Integers("species")), model.Config.Cutoff);
            double loss = Accumulate(engine, gradient, graph, test.Numbers("target"));
            Assert.Equal(test.GetProperty("loss").GetDouble(), loss, Tolerance.Single);
            foreach (JsonProperty expected in test.GetProperty("gradients").EnumerateObject())
            {
                // Gradients are small: compare with the largest of their tensor, not with 1.
                double[] values = expected.Value.Numbers(), actual = gradient.Gradients[expected.Name];
                double scale = values.Max(Math.Abs);
                Assert.True(scale > 0, expected.Name);
                Tolerance.AssertClose([.. values.Select(v => v / scale)], [.. actual.Select(v => v / scale)], Tolerance.Single,
                    $"{name} {test.GetProperty("name")} {expected.Name}");
            }
        }
    }

    [Theory]
    [InlineData("5x0e+3x1o+2x2e", "1x0e+1x1o+1x2e", "1x1o", CutoffEnvelope.None)]
    [InlineData("4x0e+2x0o+2x1o+2x1e", "1x0e+1x1o", "2x0e+1x1e", CutoffEnvelope.Polynomial)]
    [InlineData("3x0e+2x1e+1x3e", "1x0e+1x1e+1x3e", "1x1e", CutoffEnvelope.Polynomial)]
    public void Gradients_equal_central_differences(string hidden, string edge, string output, CutoffEnvelope envelope)
    {
        NequipModel model = NequipModel.CreateRandom(
            TestNetwork.Small with { Hidden = hidden, Edge = edge, Output = output, Envelope = envelope }, seed: 31);
        // A fresh network has alpha = 0, which would hide most of it.
        foreach (InteractionLayer layer in model.Layers)
            for (int i = 0; i < layer.Alpha.Weights.Length; i++)
                layer.Alpha.Weights[i] = i % 2 == 0 ? 0.7f : -0.4f;

        AtomicSystem system = AtomicSystem.Random(32, count: 5, size: 4, closest: 1.3, speciesCount: 2, periodic: true);
        using var graph = new TestGraph(system, model.Config.Cutoff);
        using FeatureTable target = RandomTables.Create(33, system.Count, model.Output.Dimension);
        using var engine = new ReferenceEngine(model);
        using var gradient = new ReferenceGradient(model);
        Accumulate(engine, gradient, graph, target.ToArray());
        foreach (Tensor parameter in model.Parameters)
            CentralDifference.Check(() => Loss(engine, graph, target.ToArray()), parameter.Values,
                gradient.Gradients[parameter.Name], parameter.Name);
    }

    [Theory]
    [InlineData("5x0e+3x1o+2x2e", "1x0e+1x1o+1x2e", "1x1o+3x0e", CutoffEnvelope.Polynomial)]
    [InlineData("4x0e+2x0o+2x1o+2x1e", "1x0e+1x1o", "2x0e+1x1e", CutoffEnvelope.Polynomial)]
    [InlineData("3x0e+2x1e+2x2e", "1x0e+1x1e+1x2e", "4x0e", CutoffEnvelope.None)]
    [InlineData("3x0e+2x1e+1x3e", "1x0e+1x1e+1x3e", "1x1e", CutoffEnvelope.Polynomial)]
    [InlineData("3x0e+1x4e+1x6e", "1x0e+1x4e+1x6e", "6x0e", CutoffEnvelope.Polynomial)]
    public unsafe void Gradients_by_positions_equal_central_differences(string hidden, string edge, string output,
        CutoffEnvelope envelope)
    {
        NequipModel model = NequipModel.CreateRandom(
            TestNetwork.Small with { Hidden = hidden, Edge = edge, Output = output, Envelope = envelope }, seed: 36);
        foreach (InteractionLayer layer in model.Layers)
            for (int i = 0; i < layer.Alpha.Weights.Length; i++)
                layer.Alpha.Weights[i] = i % 2 == 0 ? 0.7f : -0.4f;

        // Thinner than twice the cutoff: atoms are neighbors of their own images.
        AtomicSystem system = AtomicSystem.Random(37, count: 6, size: 4.5, closest: 1.3, speciesCount: 2, periodic: true);
        using FeatureTable weights = RandomTables.Create(38, system.Count, model.Output.Dimension);
        using var engine = new ReferenceEngine(model);
        using var gradient = new ReferenceGradient(model);
        double Sum(AtomicSystem moved)
        {
            using var graph = new TestGraph(moved, model.Config.Cutoff);
            double[] prediction = new double[weights.RowCount * weights.Width];
            fixed (double* pointer = prediction)
                engine.EvaluateDouble(graph.Particles, graph.Species, graph.Neighbors, graph.Halo, pointer);
            return prediction.Zip(weights.ToArray(), (p, w) => p * w).Sum();
        }

        Sum(system);
        using var original = new TestGraph(system, model.Config.Cutoff);
        gradient.Accumulate(engine.Trace, new ReadOnlySpan<int>(original.Species, original.Particles.Count),
            new ShellReverseHalo(original.Shell), weights.ToArray());
        double[] analytic = gradient.Positions.ToArray();
        Assert.True(analytic.Max(Math.Abs) > 1e-3);
        for (int k = 0; k < 3 * system.Count; k++)
        {
            double above = Sum(Moved(system, k, Tolerance.DifferenceStep)), below = Sum(Moved(system, k, -Tolerance.DifferenceStep));
            Tolerance.AssertDerivative((above - below) / (2 * Tolerance.DifferenceStep), analytic[k], $"{hidden} {edge} {output}: {k}");
        }
    }

    [Fact]
    public void Gradients_add_up_until_they_are_cleared()
    {
        NequipModel model = NequipModel.CreateRandom(TestNetwork.Small, seed: 34);
        using var engine = new ReferenceEngine(model);
        using var gradient = new ReferenceGradient(model);
        AtomicSystem system = AtomicSystem.Random(35, count: 6, size: 5, closest: 1.3, speciesCount: 2, periodic: true);
        using var graph = new TestGraph(system, model.Config.Cutoff);
        double[] target = new double[3 * system.Count];

        Accumulate(engine, gradient, graph, target);
        double[] once = [.. gradient.Gradients[model.Readout.WeightName]];
        Accumulate(engine, gradient, graph, target);
        Tolerance.AssertClose([.. once.Select(value => 2 * value)], gradient.Gradients[model.Readout.WeightName], Tolerance.ClosedForm,
            "twice the gradient");
        Assert.Contains(once, value => Math.Abs(value) > 1e-6);
        gradient.Gradients.Clear();
        Assert.All(model.Parameters, parameter => Assert.All(gradient.Gradients[parameter.Name], value => Assert.Equal(0, value)));
    }

    private static AtomicSystem Moved(AtomicSystem system, int component, double step)
    {
        Vec3[] positions = [.. system.Positions];
        Vec3 r = positions[component / 3];
        positions[component / 3] = (component % 3) switch
        {
            0 => r with { X = r.X + step },
            1 => r with { Y = r.Y + step },
            _ => r with { Z = r.Z + step },
        };
        return new(system.Box, positions, system.Species);
    }

    private static unsafe double Loss(ReferenceEngine engine, TestGraph graph, double[] target)
    {
        double[] prediction = new double[graph.Particles.LocalCount * engine.Model.Output.Dimension];
        fixed (double* pointer = prediction)
            engine.EvaluateDouble(graph.Particles, graph.Species, graph.Neighbors, graph.Halo, pointer);
        return MeanSquaredError.Forward(prediction, target);
    }

    private static unsafe double Accumulate(ReferenceEngine engine, ReferenceGradient gradient, TestGraph graph, double[] target)
    {
        double loss = Loss(engine, graph, target);
        double[] predictionAdj = new double[target.Length];
        MeanSquaredError.Backward(engine.Trace.Prediction.ToArray(), target, predictionAdj);
        gradient.Accumulate(engine.Trace, new ReadOnlySpan<int>(graph.Species, graph.Particles.Count), new ShellReverseHalo(graph.Shell),
            predictionAdj);
        return loss;
    }
}
