using System.Runtime.InteropServices;
using System.Text.Json;
using Denoise.Atoms;
using Denoise.Networks.Engines;
using Denoise.Networks.Engines.Reference;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;
using Denoise.Networks.Tests.Support;
using Denoise.Parallel;
using Denoise.TestSupport;

namespace Denoise.Networks.Tests.Engines;

/// <summary>
/// What every engine must do, whatever its precision: agree with the published implementation, and respect the symmetries
/// that the network was built for. An engine's test class derives from this and says how to create the engine.
/// </summary>
public abstract class EngineTests
{
    /// <summary>Of rotations, translations, permutations and images: round-off of the engine's arithmetic.</summary>
    protected virtual double SymmetryTolerance => Tolerance.SymmetrySingle;

    protected abstract IEngine Create(NequipModel model);

    /// <summary>[atoms, output dimension] all heads side by side</summary>
    protected virtual double[] Evaluate(IEngine engine, TestGraph graph) => Evaluate(engine, graph, graph.Halo);

    /// <summary>The same with another halo than the graph's.</summary>
    protected static unsafe double[] Evaluate(IEngine engine, TestGraph graph, IHalo halo)
    {
        float[][] heads = EvaluateHeads(engine, graph, halo, [.. engine.Model.Heads.Select(head => head.Name)]);
        double[] output = new double[graph.Particles.LocalCount * Network(engine).Output.Dimension];
        foreach ((Head head, float[] values) in engine.Model.Heads.Zip(heads))
            for (int k = 0; k < values.Length; k++)
                output[k / head.Dimension * Network(engine).Output.Dimension + head.Block.Offset + k % head.Dimension] = values[k];
        return output;
    }

    /// <summary>[heads of the model][atoms, dimension of the head]; empty where a head is not asked for.</summary>
    private static unsafe float[][] EvaluateHeads(IEngine engine, TestGraph graph, IHalo halo, string[] wanted, byte[]? active = null)
    {
        IReadOnlyList<Head> heads = engine.Model.Heads;
        // One value more than needed: writing past the end must show.
        float[][] values = [.. heads.Select(head => new float[graph.Particles.LocalCount * head.Dimension + 1])];
        GCHandle[] pins = [.. values.Select(array => GCHandle.Alloc(array, GCHandleType.Pinned))];
        float** outputs = stackalloc float*[heads.Count];
        for (int h = 0; h < heads.Count; h++)
        {
            values[h][^1] = 12345;
            outputs[h] = wanted.Contains(heads[h].Name) ? (float*)pins[h].AddrOfPinnedObject() : null;
        }

        fixed (byte* flags = active)
            engine.Evaluate(graph.Particles, graph.Species, graph.Neighbors, halo, outputs, flags);
        foreach (GCHandle pin in pins)
            pin.Free();
        Assert.All(values, array => Assert.Equal(12345, array[^1]));
        return [.. heads.Zip(values, (head, array) => wanted.Contains(head.Name) ? array[..^1] : [])];
    }

    [SharedTheory]
    [InlineData("nequip-paper")]
    [InlineData("nequip-parity")]
    public void Predictions_and_losses_equal_the_published_implementation(string name)
    {
        JsonElement file = ReferenceFile.Open($"{name}.json");
        NequipModel model = TestModels.Load($"{name}.pt");
        using IEngine engine = Create(model);
        foreach (JsonElement test in file.GetProperty("cases").EnumerateArray())
        {
            var system = AtomicSystem.Read(test, test.Integers("species"));
            double[] prediction = Evaluate(engine, system);
            AssertClose(test.Numbers("prediction"), prediction, $"{name} {test.GetProperty("name")}");
            double loss = prediction.Zip(test.Numbers("target"), (p, t) => (p - t) * (p - t)).Average();
            Assert.Equal(test.GetProperty("loss").GetDouble(), loss, Tolerance.Single);
        }
    }

    [SharedTheory]
    [InlineData("Cu-denoiser.json", "Cu-denoiser.pt")]
    [InlineData("ice-denoiser.json", "ice-denoiser-ckt.pt", 5.0, 16.0)]
    public void Iterated_denoising_equals_the_published_implementation(
        string vectors, string weights, double? cutoff = null, double? neighborCount = null)
    {
        NequipModel model = TestModels.Load(weights, cutoff, neighborCount);
        using IEngine engine = Create(model);
        foreach (JsonElement test in ReferenceFile.Open(vectors).GetProperty("cases").EnumerateArray())
        {
            AtomicSystem system = AtomicSystem.Read(test, SpeciesOf(test));
            string name = $"{vectors} {(test.TryGetProperty("name", out JsonElement n) ? n : test.GetProperty("phase"))}";
            double[] current = Flatten(system.Positions);
            for (int step = 0; step < test.GetProperty("steps").GetInt32(); step++)
            {
                double[] displacement = Evaluate(engine, system);
                if (step == 0)
                    AssertClose(test.Numbers("displacement"), displacement, $"{name}, first displacement");
                current = [.. current.Zip(displacement, (r, d) => r - d)];
                system = system with { Positions = [.. current.Chunk(3).Select(r => new Vec3(r[0], r[1], r[2]))] };
                if (test.TryGetProperty("mean_squared_displacement_per_step", out JsonElement perStep))
                {
                    double mean = displacement.Sum(d => d * d) / system.Count;
                    Assert.Equal(perStep[step].GetDouble(), mean, Tolerance.Single);
                }
            }

            AssertClose(test.Numbers("denoised_positions"), current, $"{name}, positions after all steps");
        }
    }

    [Theory]
    [InlineData(1, false, false)]
    [InlineData(2, false, true)]
    [InlineData(3, true, false)]
    [InlineData(4, true, true)]
    public void Rotated_input_gives_rotated_output(int seed, bool periodic, bool improper)
    {
        using IEngine engine = Create(NequipModel.CreateRandom(TestNetwork.Small, seed));
        AtomicSystem system = Sample(seed, periodic);
        Vec3[] rotation = Rotations.Random(new Random(seed));
        if (improper)
            rotation = [.. rotation.Select(row => row * -1)];
        double[] expected = Flatten(Vectors(Evaluate(engine, system)).Select(v => Rotations.Apply(rotation, v)));
        AssertSymmetric(expected, Evaluate(engine, system.Rotated(rotation)), $"seed {seed}");
    }

    [Fact]
    public void Translation_wrapping_and_skin_change_nothing()
    {
        using IEngine engine = Create(NequipModel.CreateRandom(TestNetwork.Small, 5));
        AtomicSystem system = Sample(5, periodic: true);
        double[] expected = Evaluate(engine, system);
        AssertSymmetric(expected, Evaluate(engine, system.Map(r => r + new Vec3(0.7, -1.9, 2.3))), "translated");
        AssertSymmetric(expected, Evaluate(engine, system.Map(r => r + system.Box.A - system.Box.C * 3)), "in another image");
        AssertSymmetric(expected, Evaluate(engine, system, skin: 0.9), "list longer than the cutoff");
    }

    [Fact]
    public void Order_of_atoms_does_not_matter()
    {
        using IEngine engine = Create(NequipModel.CreateRandom(TestNetwork.Small, 6));
        AtomicSystem system = Sample(6, periodic: true);
        int[] order = [.. Enumerable.Range(0, system.Count)];
        new Random(6).Shuffle(order);
        Vec3[] original = Vectors(Evaluate(engine, system));
        AssertSymmetric(Flatten(order.Select(i => original[i])), Evaluate(engine, system.Permuted(order)), "permuted");
    }

    [Fact]
    public void Box_smaller_than_the_cutoff_equals_its_supercell()
    {
        using IEngine engine = Create(NequipModel.CreateRandom(TestNetwork.Small, 7));
        AtomicSystem system = AtomicSystem.Random(7, count: 3, size: 3.1, closest: 1.2, speciesCount: 2, periodic: true);
        double[] expected = Evaluate(engine, system);
        double[] repeated = Evaluate(engine, system.Repeated(2, 1, 3));
        foreach (double[] copy in repeated.Chunk(expected.Length))
            AssertSymmetric(expected, copy, "copy in the supercell");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Domains_with_a_halo_equal_the_whole(int domains)
    {
        NequipModel model = NequipModel.CreateRandom(TestNetwork.Small, 8);
        AtomicSystem system = Sample(8, periodic: true);
        double[] expected;
        using (IEngine whole = Create(model))
            expected = Evaluate(whole, system);

        // Slabs of fractional x; the last domain is left without atoms.
        int Owner(int atom)
        {
            double x = system.Box.ToFractional(system.Positions[atom]).X;
            return domains == 1 ? 0 : Math.Clamp((int)(x * (domains - 1)), 0, domains - 2);
        }

        double[] actual = DomainRunner.Evaluate(system, [.. Enumerable.Range(0, system.Count).Select(Owner)], domains, () => Create(model), Evaluate);
        AssertSymmetric(expected, actual, $"{domains} domains");
    }

    [Fact]
    public void No_atoms_give_no_output()
    {
        using IEngine engine = Create(NequipModel.CreateRandom(TestNetwork.Small, 9));
        Assert.Empty(Evaluate(engine, new AtomicSystem(Box.Orthogonal(10, 10, 10), [], [])));
    }

    [Fact]
    public void Atom_without_neighbors_has_its_species_scalars_and_no_direction()
    {
        NequipConfig config = TestNetwork.Small with { Output = "2x0e+1x1o" };
        using IEngine engine = Create(NequipModel.CreateRandom(config, 10));
        AtomicSystem system = Sample(10, periodic: false);
        Vec3 far = new(100, 200, 300);
        double[] alone = Evaluate(engine, system with { Positions = [far, far * 2], Species = [1, 1] });
        Assert.Equal([alone[0], alone[1], 0, 0, 0, alone[0], alone[1], 0, 0, 0], alone);
        Assert.True(alone[0] != 0 && alone[1] != 0);

        double[] beside = Evaluate(engine, system with { Positions = [.. system.Positions, far], Species = [.. system.Species, 1] });
        AssertSymmetric([.. Evaluate(engine, system), .. alone[..5]], beside, "far atom beside others");
    }

    [Theory]
    [InlineData("1x1o+7x0e", "displacement", "logits")]
    [InlineData("21x0e+1x1o", "logits", "displacement")]
    [InlineData("3x0e+2x1o+1x0e", "logits", "output2", "output3")]
    [InlineData("1x2e+1x1o+2x2e", "output1", "displacement", "output3")]
    public void Heads_alone_and_together_are_equal(string output, params string[] names) => CompareHeads(output, [], names);

    [Theory]
    [InlineData("1x1o+1x0e+1x1o", "displacement", "energy", "forces")]
    [InlineData("1x1o+4x0e+1x0e+1x1o", "forces", "logits", "energy", "displacement")]
    [InlineData("1x1o", "forces")]
    public void Heads_that_only_a_name_tells_apart_are_equal(string output, params string[] names) => CompareHeads(output, names, names);

    private void CompareHeads(string output, string[] named, string[] names)
    {
        NequipConfig config = TestNetwork.Small with { Output = output, Hidden = "6x0e+2x0o+5x1o+3x2e", Heads = named };
        NequipModel model = NequipModel.CreateRandom(config, 13);
        Assert.Equal(names, model.Heads.Select(head => head.Name));
        using IEngine engine = Create(model);
        using var reference = new ReferenceEngine(model);
        using var graph = new TestGraph(Sample(13, periodic: true), config.Cutoff);
        float[][] all = EvaluateHeads(engine, graph, graph.Halo, names), expected = EvaluateHeads(reference, graph, graph.Halo, names);
        for (int h = 0; h < names.Length; h++)
        {
            AssertClose([.. expected[h].Select(value => (double)value)], [.. all[h].Select(value => (double)value)], names[h]);
            float[][] alone = EvaluateHeads(engine, graph, graph.Halo, [names[h]]);
            Assert.Equal(all[h], alone[h]);
            Assert.Equal(all[h].Length, alone.Sum(values => values.Length));
        }

        Assert.All(EvaluateHeads(engine, graph, graph.Halo, []), Assert.Empty);
    }

    [Fact]
    public void Logits_do_not_see_rotation_order_images_or_domains()
    {
        NequipModel model = NequipModel.CreateRandom(TestNetwork.Small with { Output = "5x0e" }, 15);
        using IEngine engine = Create(model);
        AtomicSystem system = Sample(15, periodic: true);
        double[] expected = Evaluate(engine, system);
        Vec3[] rotation = Rotations.Random(new Random(15));
        AssertSymmetric(expected, Evaluate(engine, system.Rotated(rotation)), "rotated");
        AssertSymmetric(expected, Evaluate(engine, system.Rotated([.. rotation.Select(row => row * -1)])), "mirrored");
        AssertSymmetric(expected, Evaluate(engine, system.Map(r => r + system.Box.B * 2 - system.Box.C)), "in another image");
        int[] order = [.. Enumerable.Range(0, system.Count)];
        new Random(15).Shuffle(order);
        double[][] rows = [.. expected.Chunk(5)];
        AssertSymmetric([.. order.SelectMany(i => rows[i])], Evaluate(engine, system.Permuted(order)), "permuted");
        int[] owners = [.. Enumerable.Range(0, system.Count).Select(i => i % 3)];
        AssertSymmetric(expected, DomainRunner.Evaluate(system, owners, 3, () => Create(model), Evaluate), "three domains");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public void Species_beyond_the_model_is_refused(int species)
    {
        using IEngine engine = Create(NequipModel.CreateRandom(TestNetwork.Small, 11));
        AtomicSystem system = Sample(11, periodic: false);
        system.Species[3] = species;
        string message = Assert.Throws<InputException>(() => Evaluate(engine, system)).Message;
        Assert.Contains($"species {species}", message, StringComparison.Ordinal);
        Assert.Contains("2 species", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Atoms_that_rest_are_what_they_were_for_their_neighbors(bool exchanges)
    {
        NequipModel model = NequipModel.CreateRandom(TestNetwork.Small, 18);
        string[] heads = [.. model.Heads.Select(head => head.Name)];
        for (int seed = 1; seed <= 10; seed++)
        {
            using IEngine engine = Create(model), full = Create(model);
            using var reference = new ReferenceEngine(model) { KeepsRows = true };
            engine.KeepsRows = true;
            var random = new Random(seed);
            AtomicSystem before = AtomicSystem.Random(seed, 70, size: 9.5, closest: 1.3, speciesCount: 2, periodic: true);
            AtomicSystem after = before.Map(r => r + new Vec3(0.1 * random.NextDouble(), 0.1 * random.NextDouble(), 0));
            using var first = new TestGraph(before, model.Config.Cutoff);
            using var second = new TestGraph(after, model.Config.Cutoff);
            byte[] all = [.. Enumerable.Repeat((byte)1, 70)], some = [.. all.Select(_ => (byte)random.Next(2))];
            byte[] few = [.. some.Select(flag => (byte)(random.Next(8) == 0 ? flag : 0))];

            EvaluateHeads(engine, first, Halo(first), heads);
            EvaluateHeads(reference, first, first.Halo, heads);
            foreach (byte[] active in (byte[][])[some, few, all, new byte[70]])
            {
                float[][] actual = EvaluateHeads(engine, second, Halo(second), heads, active);
                float[][] expected = EvaluateHeads(reference, second, second.Halo, heads, active);
                if (active == all || !engine.KeepsRows)
                    Assert.Equal(EvaluateHeads(full, second, Halo(second), heads), actual);
                else
                    for (int h = 0; h < heads.Length; h++)
                        AssertClose([.. expected[h].Select(value => (double)value)], [.. actual[h].Select(value => (double)value)], $"seed {seed}");
            }
        }

        IHalo Halo(TestGraph graph) => exchanges ? new ExchangingHalo(graph.Halo) : graph.Halo;
    }

    [Fact]
    public void Engine_forgets_the_frame_before()
    {
        NequipModel model = NequipModel.CreateRandom(TestNetwork.Small, 12);
        using IEngine used = Create(model);
        AtomicSystem[] frames = [.. new[] { 40, 7, 0, 25, 1 }.Select(count =>
            AtomicSystem.Random(count, count, size: 7, closest: 1.3, speciesCount: 2, periodic: true))];
        foreach (AtomicSystem frame in frames)
        {
            using IEngine fresh = Create(model);
            Assert.Equal(Evaluate(fresh, frame), Evaluate(used, frame));
        }
    }

    [Fact]
    public void Envelope_makes_the_output_smooth_at_the_cutoff()
    {
        // By how much the output changes while an edge of length rc - h goes away.
        double Change(CutoffEnvelope envelope, double h)
        {
            NequipConfig config = TestNetwork.Small with { Envelope = envelope };
            using IEngine engine = Create(NequipModel.CreateRandom(config, 13));
            AtomicSystem Pair(double distance) =>
                new(Box.Orthogonal(50, 50, 50, periodic: false), [new(10, 10, 10), new(10 + distance, 10, 10)], [0, 1]);
            double[] before = Evaluate(engine, Pair(config.Cutoff - h)), after = Evaluate(engine, Pair(config.Cutoff + 1e-4));
            return before.Zip(after, (a, b) => Math.Abs(a - b)).Max();
        }

        // The basis itself goes to zero at the cutoff, linearly: a kink. The envelope adds three powers of the distance from it.
        double kink = Change(CutoffEnvelope.None, 0.05);
        Assert.InRange(kink / Change(CutoffEnvelope.None, 0.025), 1.5, 2.5);
        Assert.InRange(Change(CutoffEnvelope.Polynomial, 0.05) / kink, 0, 1e-3);
    }

    [Theory]
    [InlineData("4x0e+3x1e+2x2e", "1x0e+1x1e+1x2e", "1x1e")]
    [InlineData("3x0e+2x0o+2x1o+2x1e", "1x0e+1x1o", "1x1e+1x0o")]
    [InlineData("4x0e+4x1o", "1x0e+1x1o+1x2e", "2x1o+3x0e")]
    [InlineData("6x0e", "1x0e", "2x0e")]
    public void Other_irreps_are_equivariant(string hidden, string edge, string output)
    {
        NequipConfig config = TestNetwork.Small with { Hidden = hidden, Edge = edge, Output = output };
        using IEngine engine = Create(NequipModel.CreateRandom(config, 14));
        AssertEquivariant(engine, 14);
    }

    protected static NequipModel Network(IEngine engine) => (NequipModel)engine.Model;

    protected static AtomicSystem Sample(int seed, bool periodic) =>
        AtomicSystem.Random(seed, count: 30, size: 7, closest: 1.3, speciesCount: 2, periodic);

    protected double[] Evaluate(IEngine engine, AtomicSystem system, double skin = 0)
    {
        using var graph = new TestGraph(system, engine.Model.Cutoff + skin);
        return Evaluate(engine, graph);
    }

    protected void AssertEquivariant(IEngine engine, int seed)
    {
        AtomicSystem system = Sample(seed, periodic: true);
        Vec3[] rotation = Rotations.Random(new Random(seed));
        Irreps irreps = Network(engine).Output;
        double[] before = Evaluate(engine, system), expected = new double[before.Length];
        for (int atom = 0; atom < system.Count; atom++)
            foreach (IrrepBlock block in irreps)
            {
                double[,] d = Rotations.Matrix(block.L, rotation);
                int n = block.Irrep.Dimension;
                for (int k = 0; k < block.Dimension; k++)
                    for (int m = 0; m < n; m++)
                        expected[atom * irreps.Dimension + block.Offset + k] +=
                            d[k % n, m] * before[atom * irreps.Dimension + block.Offset + k / n * n + m];
            }

        AssertSymmetric(expected, Evaluate(engine, system.Rotated(rotation)), $"rotation of {Network(engine).Config.Hidden} -> {irreps}");
    }

    /// <summary>Scaled by the largest value: random networks predict numbers far from 1.</summary>
    protected void AssertSymmetric(double[] expected, double[] actual, string what)
    {
        double scale = Math.Max(1, expected.Max(Math.Abs));
        Tolerance.AssertClose([.. expected.Select(e => e / scale)], [.. actual.Select(a => a / scale)], SymmetryTolerance, what);
    }

    protected static void AssertClose(double[] expected, double[] actual, string what) =>
        Tolerance.AssertClose(expected, actual, Tolerance.Single, what);

    /// <summary>Rows of the embedding: as given, or the rank of the atomic number.</summary>
    private static int[] SpeciesOf(JsonElement test)
    {
        if (test.TryGetProperty("species", out _))
            return test.Integers("species");
        int[] numbers = test.Integers("numbers");
        int[] sorted = [.. numbers.Distinct().Order()];
        return [.. numbers.Select(number => Array.IndexOf(sorted, number))];
    }

    private static Vec3[] Vectors(double[] values) => [.. values.Chunk(3).Select(v => new Vec3(v[0], v[1], v[2]))];

    private static double[] Flatten(IEnumerable<Vec3> vectors) => [.. vectors.SelectMany(v => new[] { v.X, v.Y, v.Z })];
}
