using Denoise.Atoms;
using Denoise.Networks.Engines.Simd;
using Denoise.Networks.Engines.Simd.Kernels;
using Denoise.Networks.Engines.Simd.Layout;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;
using Denoise.TestSupport;

namespace Denoise.Networks.Tests.Simd;

/// <summary>Convolution kernels, path by path, against sums over Wigner 3j tensors and spherical harmonics.</summary>
public sealed unsafe class ConvolutionPlanTests
{
    public static TheoryData<SimdWidth, string, string> Networks()
    {
        var data = new TheoryData<SimdWidth, string, string>();
        foreach (SimdWidth width in (ReadOnlySpan<SimdWidth>)[SimdWidth.Bits256, SimdWidth.Bits512])
        {
            data.Add(width, "8x0e+8x1e+4x2e", "1x0e+1x1e+1x2e");
            data.Add(width, "17x0e+9x1o+5x2e", "1x0e+1x1o+1x2e");
            data.Add(width, "3x0e+2x0o+4x1o+4x1e+2x2e+3x2o", "1x0e+1x1o+1x2e");
            data.Add(width, "28x0e+28x1e+28x2e", "1x0e+1x1e+1x2e");
            data.Add(width, "4x0e+4x1e+4x2e", "1x0e+1x1e");
            data.Add(width, "4x0e+4x1e+4x2e", "1x0e+1x2e");
            data.Add(width, "4x0e+4x1o", "1x0e+1x1o");
            data.Add(width, "2x0e+3x1o+5x0e+3x1o", "1x0e+1x1o+1x2e");
            data.Add(width, "8x0e+4x1o+4x2e+4x3o", "1x0e+1x1o+1x2e+1x3o");
            data.Add(width, "5x0e+17x1e+3x2e+17x3e", "1x0e+1x1e+1x2e+1x3e");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Sums_over_edges_equal_the_coupled_product(SimdWidth width, string hidden, string edge)
    {
        NequipConfig config = TestNetwork.Small with { Hidden = hidden, Edge = edge, Output = "1x0e" };
        InteractionLayer layer = NequipModel.CreateRandom(config, 1).Layers[^1];
        ChannelLayout input = ChannelLayout.Of(layer.Input, _ => true);
        using var plan = new ConvolutionPlan(layer, input, _ => true, width);
        for (int edges = 0; edges <= 9; edges++)
            Check(layer, input, plan, edges, seed: edges + 1);
    }

    private static void Check(InteractionLayer layer, ChannelLayout input, ConvolutionPlan plan, int edges, int seed)
    {
        var random = new Random(seed);
        float Number() => (float)(2 * random.NextDouble() - 1);
        float[][] x = [.. Enumerable.Range(0, edges).Select(_ => Fill(layer.Input.Dimension, Number))];
        float[][] w = [.. Enumerable.Range(0, edges).Select(_ => Fill(layer.Radial.OutputCount, Number))];
        Vec3 Direction(Vec3 v) => v * (1 / v.Length);
        Vec3[] directions = [.. Enumerable.Range(0, edges).Select(_ => Direction(new(Number(), Number(), Number())))];

        using var batch = new TestBatch(plan, w, directions, input.Length);
        using var sums = new NativeArray<float>(plan.SumLength + 16);
        for (int n = 0; n < edges; n++)
            foreach (IrrepBlock block in layer.Input)
                for (int u = 0; u < block.Multiplicity; u++)
                {
                    Assert.True(input.TryFind(block.Offset + u * block.Irrep.Dimension, out int g, out int channel));
                    IrrepGroup group = input.Groups[g];
                    for (int m = 0; m < group.Components; m++)
                        batch.Row(n)[group.Offset + m * group.Channels + channel] = x[n][block.Offset + u * group.Components + m];
                }

        EdgeBatch all = batch.Edges;
        plan.Accumulate(&all, sums.Pointer);

        foreach (ConvolutionPath path in layer.ConvolutionPaths)
        {
            (IrrepBlock from, IrrepBlock to) = (layer.Input[path.InputSlot], layer.Convolution[path.OutputSlot]);
            for (int u = 0; u < path.Multiplicity; u++)
            {
                double[] expected = new double[to.Irrep.Dimension], actual = new double[to.Irrep.Dimension];
                for (int n = 0; n < edges; n++)
                {
                    double[] harmonics = new double[(path.L2 + 1) * (path.L2 + 1)];
                    SphericalHarmonics.Evaluate(path.L2, directions[n], harmonics);
                    foreach (Wigner3j.Entry entry in Wigner3j.Get(path.L1, path.L2, path.L3).Entries)
                        expected[entry.M3] += path.Factor * w[n][path.WeightOffset + u] * entry.Value *
                            x[n][from.Offset + u * from.Irrep.Dimension + entry.M1] * harmonics[path.L2 * path.L2 + entry.M2];
                }

                Assert.True(plan.Aggregate.TryFind(to.Offset + u * to.Irrep.Dimension, out int g, out int channel));
                IrrepGroup group = plan.Aggregate.Groups[g];
                for (int m = 0; m < actual.Length; m++)
                    actual[m] = sums.Pointer[group.Offset + m * group.Channels + channel];
                Tolerance.AssertClose(expected, actual, 2e-6,
                    $"path ({path.L1},{path.L2},{path.L3}) of {from} into {to}, channel {u}, {edges} edges, seed {seed}");
            }
        }
    }

    private static float[] Fill(int count, Func<float> number)
    {
        float[] values = new float[count];
        foreach (ref float value in values.AsSpan())
            value = number();
        return values;
    }
}
