using Denoise.Atoms;
using Denoise.Networks.Checkpoints;
using Denoise.Networks.Engines;
using Denoise.Networks.Engines.Fused;
using Denoise.Networks.Engines.Reference;
using Denoise.Networks.Models;
using Denoise.Networks.Tests.Support;
using Denoise.Parallel;
using Denoise.TestSupport;

namespace Denoise.Networks.Tests.Engines;

/// <summary>The engine of networks that are told forces: all that any engine must do, and what forces do.</summary>
public sealed class FusedEngineTests : EngineTests, IDisposable
{
    private readonly WorkerPools _pools = new();

    public static TheoryData<string, string, string> Encodings => new()
    {
        { "5x0e+3x1o+2x2e", "1x0e+1x1o+1x2e", "4x0e+3x1o+5x2e" },
        { "5x0e+3x1o+2x2e", "1x0e+1x1o+1x2e", "4x0e+17x1o" },
        { "5x0e+3x1e+2x2e", "1x0e+1x1e+1x2e", "4x0e+3x1e+5x2e" },
    };

    public void Dispose() => _pools.Dispose();

    protected override IEngine Create(NequipModel model) => new FusedEngine(model, _pools.Add(2));

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Told_forces_it_equals_the_reference(string hidden, string edge, string encoding)
    {
        NequipModel model = Told(hidden, edge, encoding);
        using IEngine engine = Create(model);
        using var reference = new ReferenceEngine(model);
        AtomicSystem system = Sample(71, periodic: true);
        double[] forces = Forces(system, 72);
        using var graph = new TestGraph(system, model.Config.Cutoff);
        double[] expected = Evaluate(reference, graph, graph.Halo, forces), unknown = Evaluate(reference, graph, graph.Halo, null);
        AssertClose(expected, Evaluate(engine, graph, graph.Halo, forces), "forces");
        AssertClose(expected, Evaluate(engine, graph, new ExchangingHalo(graph.Halo), forces), "forces, exchanged");
        AssertClose(expected, Evaluate(reference, graph, new ExchangingHalo(graph.Halo), forces), "forces, reference, exchanged");
        AssertClose(unknown, Evaluate(engine, graph, graph.Halo, null), "none");
        AssertClose(unknown, Evaluate(engine, graph, graph.Halo, new double[3 * system.Count]), "forces of 0");
        Assert.True(expected.Zip(unknown, (a, b) => Math.Abs(a - b)).Max() > 0.01);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Forces_turn_with_the_atoms(bool improper)
    {
        NequipModel model = Told("5x0e+3x1o+2x2e", "1x0e+1x1o+1x2e", "4x0e+3x1o+5x2e");
        AtomicSystem system = Sample(73, periodic: true);
        double[] forces = Forces(system, 74);
        Vec3[] rotation = Rotations.Random(new Random(75));
        if (improper)
            rotation = [.. rotation.Select(row => row * -1)];
        double[] Turned(IEnumerable<double> vectors) =>
            [.. vectors.Chunk(3).Select(v => Rotations.Apply(rotation, new(v[0], v[1], v[2]))).SelectMany(v => new[] { v.X, v.Y, v.Z })];
        using var graph = new TestGraph(system, model.Config.Cutoff);
        using var turned = new TestGraph(system.Rotated(rotation), model.Config.Cutoff);
        foreach (IEngine engine in (IEngine[])[new ReferenceEngine(model), Create(model)])
        {
            AssertSymmetric(Turned(Evaluate(engine, graph, graph.Halo, forces)), Evaluate(engine, turned, turned.Halo, Turned(forces)), "turned");
            engine.Dispose();
        }
    }

    [Fact]
    public void Degree_one_is_the_force_and_no_force_is_nothing()
    {
        ForceEncoding encoding = Told("5x0e+3x1o+2x2e", "1x0e+1x1o+1x2e", "4x0e+3x1o+5x2e").Forces!;
        double[] values = new double[encoding.HarmonicCount];
        var f = new Vec3(0.3, -1.2, 0.5);
        encoding.Evaluate(f, values);
        Tolerance.AssertClose([f.Length / Math.Sqrt(3), f.X, f.Y, f.Z], values[..4], Tolerance.ClosedForm, "degrees 0 and 1");
        // |Y_2|^2 = 5
        Assert.Equal(5.0 / 3 * Vec3.Dot(f, f), values[4..].Sum(v => v * v), Tolerance.ClosedForm);
        encoding.Evaluate(default, values);
        Assert.All(values, value => Assert.Equal(0, value));
    }

    [Fact]
    public void A_checkpoint_keeps_the_encoding_and_the_energies()
    {
        NequipConfig config = Told("5x0e+3x1o+2x2e", "1x0e+1x1o+1x2e", "4x0e+3x1o").Config with { ReferenceEnergies = [-3.54, 1.0 / 3] };
        NequipModel model = NequipModel.CreateRandom(config, 76);
        string path = Path.Combine(Path.GetTempPath(), $"told-{Guid.NewGuid():N}.pt");
        try
        {
            CheckpointWriter.Save(path, model.ToStateDict(), config);
            NequipModel read = Checkpoint.LoadModel(path);
            Assert.Equal(config.ForceEncoding, read.Config.ForceEncoding);
            Assert.Equal(config.ReferenceEnergies, read.Config.ReferenceEnergies);
            Assert.Equal(model.Forces!.Weights, read.Forces!.Weights);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("3x1o")]
    [InlineData("4x0e")]
    [InlineData("5x0e+3x1o")]
    [InlineData("4x0e+3x1e")]
    [InlineData("4x0e+3x1o+2x1o")]
    public void Encodings_that_are_none_are_refused(string encoding) => Assert.Contains("force encoding",
        Assert.Throws<InputException>(() => Told("5x0e+3x1o+2x2e", "1x0e+1x1o+1x2e", encoding)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_factory_chooses_it_for_networks_that_are_told_forces()
    {
        using IEngine engine = EngineFactory.Create(Told("5x0e+3x1o+2x2e", "1x0e+1x1o+1x2e", "4x0e+3x1o"), _pools.Add(2));
        Assert.IsType<FusedEngine>(engine);
    }

    private static NequipModel Told(string hidden, string edge, string encoding)
    {
        NequipModel model = NequipModel.CreateRandom(TestNetwork.Small with
        {
            Hidden = hidden,
            Edge = edge,
            Output = edge.Contains("1o", StringComparison.Ordinal) ? "1x1o" : "1x1e",
            ForceEncoding = encoding,
            Envelope = CutoffEnvelope.Polynomial,
        }, seed: 70);
        // A fresh network has alpha = 0, which would hide most of it.
        foreach (InteractionLayer layer in model.Layers)
            for (int i = 0; i < layer.Alpha.Weights.Length; i++)
                layer.Alpha.Weights[i] = i % 2 == 0 ? 0.7f : -0.4f;
        return model;
    }

    private static double[] Forces(AtomicSystem system, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, 3 * system.Count).Select(_ => Rotations.Normal(random))];
    }

    private static unsafe double[] Evaluate(IEngine engine, TestGraph graph, IHalo halo, double[]? forces)
    {
        fixed (double* pointer = forces)
        {
            engine.Forces = pointer;
            double[] output = Evaluate(engine, graph, halo);
            engine.Forces = null;
            return output;
        }
    }
}
