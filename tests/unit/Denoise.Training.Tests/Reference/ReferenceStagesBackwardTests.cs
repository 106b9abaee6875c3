using Denoise.Networks.Engines.Reference;
using Denoise.Networks.Models;
using Denoise.Networks.Tests.Support;
using Denoise.TestSupport;

namespace Denoise.Training.Tests.Reference;

/// <summary>
/// Every stage alone: with a random weight on each output, the derivative of the weighted sum against central differences.
/// </summary>
public class ReferenceStagesBackwardTests
{
    private const int Atoms = 3;

    private static readonly NequipModel Model = NequipModel.CreateRandom(
        TestNetwork.Small with
        {
            Hidden = "4x0e+2x0o+3x1o+2x1e+2x2e",
            AttributeEmbedding = "2x0e+1x0e",
            Radial = [5, 7, 6],
            Envelope = CutoffEnvelope.Polynomial,
        },
        seed: 21);

    // The last layer: it has every kind of input and path.
    private static InteractionLayer Layer => Model.Layers[^1];

    public static TheoryData<string> Products => ["sc", "lin1", "lin2", "alpha"];

    [Theory]
    [MemberData(nameof(Products))]
    public void Product(string which)
    {
        FullyConnectedProduct product = which switch
        {
            "sc" => Layer.SelfConnection,
            "lin1" => Layer.Lin1,
            "lin2" => Layer.Lin2,
            _ => Layer.Alpha,
        };
        using FeatureTable x = RandomTables.Create(1, Atoms, product.Input.Dimension);
        using FeatureTable z = RandomTables.Create(2, Atoms, product.Attributes.Dimension);
        using FeatureTable outputAdj = RandomTables.Create(3, Atoms, product.Output.Dimension);
        using FeatureTable output = RandomTables.Zero(Atoms, product.Output.Dimension);
        var forward = new ReferenceProduct(product);
        double Loss()
        {
            forward.Forward(x, z, Atoms, output);
            return RandomTables.Dot(output, outputAdj);
        }

        using FeatureTable xAdj = RandomTables.Zero(Atoms, x.Width), zAdj = RandomTables.Zero(Atoms, z.Width);
        double[] weightsAdj = new double[product.Weights.Length];
        new ReferenceProductBackward(product, weightsAdj).Backward(x, z, Atoms, outputAdj, xAdj, zAdj);
        CentralDifference.Check(Loss, x, xAdj, "x");
        CentralDifference.Check(Loss, z, zAdj, "z");
        CentralDifference.Check(Loss, product.Weights, weightsAdj, "weights");
    }

    [Fact]
    public void Radial_network()
    {
        RadialNetwork network = Layer.Radial;
        using FeatureTable basis = RandomTables.Create(4, 1, network.Sizes[0]);
        using FeatureTable outputAdj = RandomTables.Create(5, 1, network.OutputCount);
        using FeatureTable output = RandomTables.Zero(1, network.OutputCount);
        using FeatureTable basisAdj = RandomTables.Zero(1, network.Sizes[0]);
        var forward = new ReferenceRadialNetwork(network);
        double Loss()
        {
            forward.Forward(basis.Row(0), output.Row(0));
            return RandomTables.Dot(output, outputAdj);
        }

        double[][] weightsAdj = [.. network.Weights.Select(weights => new double[weights.Length])];
        Loss();
        new ReferenceRadialNetworkBackward(network, weightsAdj).Backward(basis.Row(0), forward, outputAdj.Row(0), basisAdj.Row(0));
        CentralDifference.Check(Loss, basis, basisAdj, "basis");
        for (int k = 0; k < weightsAdj.Length; k++)
            CentralDifference.Check(Loss, network.Weights[k], weightsAdj[k], $"matrix {k}");
    }

    [Fact]
    public void Convolution()
    {
        AtomicSystem system = AtomicSystem.Random(6, count: 4, size: 4, closest: 1.2, speciesCount: 2, periodic: true);
        using var graph = new TestGraph(system, Model.Config.Cutoff);
        using var edges = new ReferenceEdges();
        edges.Graph.Build(graph.Particles, graph.Neighbors, Model.Config.Cutoff);
        edges.Embed(Model);
        Assert.True(edges.Graph.EdgeCount > 20);

        using FeatureTable x = RandomTables.Create(7, graph.Particles.Count, Layer.Input.Dimension);
        using FeatureTable aggregatedAdj = RandomTables.Create(8, system.Count, Layer.Convolution.Dimension);
        using var aggregated = new FeatureTable();
        var forward = new ReferenceConvolution(Layer, Model.Config);
        double Loss()
        {
            forward.Forward(edges, x, aggregated, trace: null);
            return RandomTables.Dot(aggregated, aggregatedAdj);
        }

        using FeatureTable xAdj = RandomTables.Zero(x.RowCount, x.Width);
        using FeatureTable vectorsAdj = RandomTables.Zero(edges.Graph.EdgeCount, 3);
        double[][] weightsAdj = [.. Layer.Radial.Weights.Select(weights => new double[weights.Length])];
        new ReferenceConvolutionBackward(Layer, Model.Config, weightsAdj).Backward(edges, x, aggregatedAdj, xAdj, vectorsAdj);
        CentralDifference.Check(Loss, x, xAdj, "x");
        for (int k = 0; k < weightsAdj.Length; k++)
            CentralDifference.Check(Loss, Layer.Radial.Weights[k], weightsAdj[k], $"radial matrix {k}");
    }

    [Fact]
    public void Gate()
    {
        GateLayout layout = Layer.Gate;
        using FeatureTable preGate = RandomTables.Create(9, Atoms, layout.Input.Dimension);
        using FeatureTable outputAdj = RandomTables.Create(10, Atoms, layout.Output.Dimension);
        using FeatureTable output = RandomTables.Zero(Atoms, layout.Output.Dimension);
        double Loss()
        {
            ReferenceGate.Forward(layout, preGate, output);
            return RandomTables.Dot(output, outputAdj);
        }

        using FeatureTable preGateAdj = RandomTables.Create(11, Atoms, layout.Input.Dimension);
        ReferenceGateBackward.Backward(layout, preGate, outputAdj, preGateAdj);
        CentralDifference.Check(Loss, preGate, preGateAdj, "pre-gate");
    }
}
