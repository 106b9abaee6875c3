using Denoise.Atoms;
using Denoise.Networks.Engines.Reference;
using Denoise.Networks.Engines.Simd;
using Denoise.Networks.Engines.Simd.Kernels;
using Denoise.Networks.Engines.Simd.Layout;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;
using Denoise.TestSupport;

namespace Denoise.Networks.Tests.Simd;

/// <summary>Sums of the first layer with lin2 in the radial functions, against the coupled product and lin2 in double precision.</summary>
public sealed unsafe class HarmonicPlanTests
{
    [Theory]
    [InlineData("8x0e+4x1o+4x2e", "1x0e+1x1o+1x2e", "8x0e")]
    [InlineData("8x0e+8x1e+4x2e", "1x0e+1x1e+1x2e", "8x0e")]
    [InlineData("17x0e+9x1o+5x2e", "1x0e+1x1o+1x2e", "5x0e")]
    [InlineData("3x0e+2x1e+5x0e+3x1e+2x2e+1x2e", "1x0e+1x1e+1x2e", "2x0e+3x0e")]
    [InlineData("28x0e+28x1e+28x2e", "1x0e+1x1e+1x2e", "28x0e")]
    [InlineData("4x0e+4x2e", "1x0e+1x2e", "1x0e")]
    [InlineData("4x0e+4x1o", "1x0e+1x1o", "4x0e")]
    [InlineData("12x0e", "1x0e", "12x0e")]
    [InlineData("8x0e+4x1o+4x2e+9x3o", "1x0e+1x1o+1x2e+1x3o", "8x0e")]
    public void Sums_equal_lin2_of_the_coupled_product(string hidden, string edge, string embedding)
    {
        NequipConfig config = TestNetwork.Small with
        {
            Hidden = hidden,
            Edge = edge,
            NodeEmbedding = embedding,
            Output = "1x0e",
            SpeciesCount = 1,
            LayerCount = 1,
        };
        NequipModel model = NequipModel.CreateRandom(config, 1);
        foreach (SimdWidth width in (ReadOnlySpan<SimdWidth>)[SimdWidth.Bits256, SimdWidth.Bits512])
            for (int edges = 0; edges <= 9; edges++)
                Check(model, model.Layers[0], width, edges, seed: edges + 1);
    }

    private static void Check(NequipModel model, InteractionLayer layer, SimdWidth width, int edges, int seed)
    {
        var random = new Random(seed);
        double Number() => 2 * random.NextDouble() - 1;
        Vec3 Direction(Vec3 v) => v * (1 / v.Length);
        Vec3[] directions = [.. Enumerable.Range(0, edges).Select(_ => Direction(new(Number(), Number(), Number())))];
        float[][] w = [.. Enumerable.Range(0, edges)
            .Select(_ => Enumerable.Range(0, layer.Radial.OutputCount).Select(_ => (float)Number()).ToArray())];

        ChannelLayout input = ChannelLayout.Of(layer.Input, _ => true), preGate = new GatePlan(layer.Gate, _ => true).PreGate;
        double[] h = new double[input.Groups[0].Channels], x = new double[layer.Input.Dimension];
        for (int c = 0; c < x.Length; c++)
        {
            Assert.True(input.TryFind(c, out _, out int channel));
            h[channel] = x[c] = Number();
        }

        FoldedWeights lin2 = new(layer.Lin2, model.AttributeTable, ChannelLayout.Of(layer.Convolution, _ => true), preGate);
        using ConvolutionPlan plan = HarmonicPlan.Create(layer, h, input, lin2, width);
        using var sums = new NativeArray<float>(plan.SumLength + 16);
        using var batch = new TestBatch(plan, w, directions, 0);
        EdgeBatch all = batch.Edges;
        plan.Accumulate(&all, sums.Pointer);

        using FeatureTable aggregate = new(), z = new(), mixed = new();
        aggregate.Resize(1, layer.Convolution.Dimension);
        aggregate.Clear();
        z.Resize(1, layer.Lin2.Attributes.Dimension);
        mixed.Resize(1, layer.PreGate.Dimension);
        for (int v = 0; v < z.Width; v++)
            z.Row(0)[v] = model.AttributeTable[v];
        foreach (ConvolutionPath path in layer.ConvolutionPaths)
            for (int n = 0; n < edges; n++)
            {
                double[] harmonics = new double[(path.L2 + 1) * (path.L2 + 1)];
                SphericalHarmonics.Evaluate(path.L2, directions[n], harmonics);
                IrrepBlock to = layer.Convolution[path.OutputSlot];
                for (int u = 0; u < path.Multiplicity; u++)
                    foreach (Wigner3j.Entry entry in Wigner3j.Get(0, path.L2, path.L3).Entries)
                        aggregate.Row(0)[to.Offset + u * to.Irrep.Dimension + entry.M3] += path.Factor * w[n][path.WeightOffset + u] *
                            entry.Value * x[layer.Input[path.InputSlot].Offset + u] * harmonics[path.L2 * path.L2 + entry.M2];
            }

        new ReferenceProduct(layer.Lin2).Forward(aggregate, z, 1, mixed);
        void Compare(Irrep irrep, int channel, ReadOnlySpan<double> expected)
        {
            IrrepGroup group = plan.Aggregate.Groups[plan.Aggregate.IndexOf(irrep)];
            double[] actual = new double[expected.Length];
            for (int m = 0; m < actual.Length; m++)
                actual[m] = sums.Pointer[group.Offset + m * group.Channels + channel];
            Tolerance.AssertClose(expected, actual, 2e-6, $"{width}: channel {channel} of {irrep}, {edges} edges, seed {seed}");
        }

        foreach (IrrepBlock block in layer.Convolution.Where(block => block.Irrep == Irrep.Scalar))
            for (int u = 0; u < block.Multiplicity; u++)
            {
                Assert.True(plan.Aggregate.TryFind(block.Offset + u, out _, out int channel));
                Compare(block.Irrep, channel, aggregate.Row(0).Slice(block.Offset + u, 1));
            }

        foreach (IrrepBlock block in layer.PreGate.Where(block => block.L > 0))
            for (int u = 0; u < block.Multiplicity; u++)
            {
                int offset = block.Offset + u * block.Irrep.Dimension;
                Assert.True(preGate.TryFind(offset, out _, out int channel));
                Compare(block.Irrep, channel, mixed.Row(0).Slice(offset, block.Irrep.Dimension));
            }
    }
}
