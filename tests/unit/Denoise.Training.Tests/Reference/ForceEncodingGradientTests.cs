using Denoise.Networks.Engines;
using Denoise.Networks.Engines.Reference;
using Denoise.Networks.Models;
using Denoise.Networks.Tests.Support;
using Denoise.TestSupport;

namespace Denoise.Training.Tests.Reference;

public class ForceEncodingGradientTests
{
    [Theory]
    [InlineData("5x0e+3x1o+2x2e", "1x0e+1x1o+1x2e", "4x0e+3x1o+5x2e")]
    [InlineData("4x0e+2x1e+2x2e", "1x0e+1x1e+1x2e", "4x0e+2x1e")]
    [InlineData("4x0e+2x1o+2x3o", "1x0e+1x1o+1x2e+1x3o", "4x0e+2x1o+1x3o")]
    public unsafe void Gradients_equal_central_differences(string hidden, string edge, string encoding)
    {
        NequipModel model = NequipModel.CreateRandom(TestNetwork.Small with
        {
            Hidden = hidden,
            Edge = edge,
            Output = hidden.Contains("1o", StringComparison.Ordinal) ? "1x0e+1x1o" : "1x0e+1x1e",
            ForceEncoding = encoding,
        }, seed: 81);
        foreach (InteractionLayer layer in model.Layers)
            for (int i = 0; i < layer.Alpha.Weights.Length; i++)
                layer.Alpha.Weights[i] = i % 2 == 0 ? 0.7f : -0.4f;
        AtomicSystem system = AtomicSystem.Random(82, count: 5, size: 4, closest: 1.3, speciesCount: 2, periodic: true);
        using var graph = new TestGraph(system, model.Config.Cutoff);
        using FeatureTable target = RandomTables.Create(83, system.Count, model.Output.Dimension);
        using FeatureTable forces = RandomTables.Create(84, system.Count, 3);
        using var engine = new ReferenceEngine(model) { Forces = forces.Pointer };
        using var gradient = new ReferenceGradient(model);
        double Loss()
        {
            double[] prediction = new double[system.Count * model.Output.Dimension];
            fixed (double* pointer = prediction)
                engine.EvaluateDouble(graph.Particles, graph.Species, graph.Neighbors, graph.Halo, pointer);
            return MeanSquaredError.Forward(prediction, target.ToArray());
        }

        Loss();
        double[] predictionAdj = new double[system.Count * model.Output.Dimension];
        MeanSquaredError.Backward(engine.Trace.Prediction.ToArray(), target.ToArray(), predictionAdj);
        gradient.Accumulate(engine.Trace, new ReadOnlySpan<int>(graph.Species, graph.Particles.Count), new ShellReverseHalo(graph.Shell),
            predictionAdj);
        Assert.Contains(gradient.Gradients[ForceEncoding.WeightName], value => Math.Abs(value) > 1e-4);
        foreach (Tensor parameter in model.Parameters)
            CentralDifference.Check(Loss, parameter.Values, gradient.Gradients[parameter.Name], parameter.Name);
    }
}
