using System.Text.Json;
using Denoise.Networks.Engines;
using Denoise.Networks.Engines.Reference;
using Denoise.Networks.Models;
using Denoise.Networks.Tests.Support;
using Denoise.TestSupport;

namespace Denoise.Networks.Tests.Engines;

public class ReferenceEngineTests : EngineTests
{
    protected override double SymmetryTolerance => Tolerance.SymmetryDouble;

    protected override IEngine Create(NequipModel model) => new ReferenceEngine(model);

    protected override unsafe double[] Evaluate(IEngine engine, TestGraph graph)
    {
        double[] output = new double[graph.Particles.LocalCount * Network(engine).Output.Dimension];
        fixed (double* pointer = output)
            ((ReferenceEngine)engine).EvaluateDouble(graph.Particles, graph.Species, graph.Neighbors, graph.Halo, pointer);
        return output;
    }

    [Fact]
    public void Single_precision_output_is_the_rounded_double()
    {
        using IEngine engine = Create(NequipModel.CreateRandom(TestNetwork.Small, 17));
        using var graph = new TestGraph(Sample(17, periodic: true), engine.Model.Cutoff);
        Assert.Equal(Evaluate(engine, graph).Select(value => (double)(float)value), base.Evaluate(engine, graph));
    }

    [SharedFact]
    public void Every_intermediate_equals_the_published_implementation()
    {
        JsonElement trace = ReferenceFile.Open("nequip-parity-trace.json");
        NequipModel model = TestModels.Load("nequip-parity.pt");
        using var engine = new ReferenceEngine(model) { TraceEdges = true };
        AtomicSystem system = AtomicSystem.Random(1, 1, 50, 1, 1, periodic: false) with
        {
            Positions = [.. trace.Numbers("positions").Chunk(3).Select(r => new Atoms.Vec3(r[0], r[1], r[2]))],
            Species = trace.Integers("species"),
        };
        double[] prediction = Evaluate(engine, system);

        // Rows of edges in the order of the file.
        ReferenceGraph graph = engine.Trace.Edges.Graph;
        var rowOf = Enumerable.Range(0, (int)graph.EdgeCount).ToDictionary(e => (graph.Source(e), graph.Target(e)));
        int[] rows = [.. trace.Integers("edges").Chunk(2).Select(edge => rowOf[(edge[0], edge[1])])];
        Assert.Equal(rows.Length, graph.EdgeCount);
        double[] ByEdge(FeatureTable table) => [.. rows.SelectMany(row => table.Row(row).ToArray())];
        void Check(JsonElement expected, string name, double[] actual) =>
            Tolerance.AssertClose(expected.Numbers(name), actual, Tolerance.Single, name);

        Check(trace, "edge_vectors", [.. rows.SelectMany(e => new[] { graph.Vector(e).X, graph.Vector(e).Y, graph.Vector(e).Z })]);
        Check(trace, "embed_x", engine.Trace.EmbedX.ToArray());
        Check(trace, "embed_z", engine.Trace.EmbedZ.ToArray());
        Check(trace, "radial_basis", ByEdge(engine.Trace.Edges.RadialBasis));
        Check(trace, "spherical_harmonics", ByEdge(engine.Trace.Edges.Harmonics));
        foreach ((JsonElement expected, LayerTrace layer) in trace.GetProperty("layers").EnumerateArray().Zip(engine.Trace.Layers))
        {
            Check(expected, "self_connection", layer.SelfConnection.ToArray());
            Check(expected, "lin1", layer.Lin1.ToArray());
            Check(expected, "radial_weights", ByEdge(layer.RadialWeights));
            Check(expected, "messages", ByEdge(layer.Messages));
            Check(expected, "aggregated", layer.Aggregated.ToArray());
            Check(expected, "lin2", layer.Lin2.ToArray());
            Check(expected, "alpha", layer.Alpha.ToArray());
            Check(expected, "pre_gate", layer.PreGate.ToArray());
            Check(expected, "gate", layer.Gate.ToArray());
        }

        Check(trace, "prediction", prediction);
    }

    /// <summary>In the middle of its bump a function is sqrt(N) 1.14136, half a knot from it exp(-2/3) of that, at its ends 0.</summary>
    [Fact]
    public void Smooth_basis_has_its_closed_form()
    {
        double[] values = new double[16];
        const double Cutoff = 3.4, Knot = Cutoff / 17;
        for (int n = 1; n <= 16; n++)
        {
            ReferenceRadialBasis.Evaluate(RadialBasis.SmoothFinite, n * Knot, Cutoff, values);
            for (int k = 1; k <= 16; k++)
                Assert.Equal(k == n ? 4 * 1.14136 : 0, values[k - 1], 1e-9);
            ReferenceRadialBasis.Evaluate(RadialBasis.SmoothFinite, (n + 0.5) * Knot, Cutoff, values);
            // s(3/2) s(1/2) = exp(-2/3 - 2)
            Assert.Equal(4 * 1.14136 * Math.Exp(-2.0 / 3), values[n - 1], 1e-9);
        }

        double[] slopes = new double[16], above = new double[16];
        // A bump is narrow: third derivatives are large.
        const double Step = Tolerance.DifferenceStep / 100;
        for (double r = 0.05; r < Cutoff; r += 0.13)
        {
            ReferenceRadialBasis.EvaluateSlopes(RadialBasis.SmoothFinite, r, Cutoff, slopes);
            ReferenceRadialBasis.Evaluate(RadialBasis.SmoothFinite, r - Step, Cutoff, values);
            ReferenceRadialBasis.Evaluate(RadialBasis.SmoothFinite, r + Step, Cutoff, above);
            for (int k = 0; k < 16; k++)
                Tolerance.AssertDerivative((above[k] - values[k]) / (2 * Step), slopes[k], $"slope {k + 1} at {r}");
        }

        ReferenceRadialBasis.Evaluate(RadialBasis.SmoothFinite, Cutoff, Cutoff, values);
        Assert.All(values, value => Assert.Equal(0, value));
    }

    [SharedFact]
    public void Classifier_of_degrees_4_and_6_is_invariant()
    {
        NequipModel model = TestModels.Load("DC3-classifier.pt");
        Assert.Equal("6x0e", model.Output.ToString());
        using var engine = new ReferenceEngine(model);
        AssertEquivariant(engine, 15);
    }

    [Fact]
    public void All_degrees_up_to_6_are_equivariant()
    {
        NequipConfig config = TestNetwork.Small with
        {
            Hidden = "3x0e+1x1o+1x2e+1x3o+1x4e+1x5o+1x6e+1x6o",
            Edge = "1x0e+1x1o+1x2e+1x3o+1x4e+1x5o+1x6e",
            Output = "1x6e+1x3o+1x0e",
            LayerCount = 2,
        };
        using var engine = new ReferenceEngine(NequipModel.CreateRandom(config, 16));
        AssertEquivariant(engine, 16);
    }
}
