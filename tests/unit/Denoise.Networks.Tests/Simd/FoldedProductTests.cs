using Denoise.Networks.Engines.Simd;
using Denoise.Networks.Engines.Simd.Kernels;
using Denoise.Networks.Engines.Simd.Layout;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;
using Denoise.TestSupport;

namespace Denoise.Networks.Tests.Simd;

public sealed unsafe class FoldedProductTests
{
    /// <summary>Every multiplicity up to two vectors: the product of features and attributes, path by path, in double precision.</summary>
    [Theory]
    [InlineData(SimdWidth.Bits256)]
    [InlineData(SimdWidth.Bits512)]
    public void Every_multiplicity_equals_the_product_with_attributes(SimdWidth width)
    {
        for (int multiplicity = 1; multiplicity <= 34; multiplicity++)
        {
            int other = 1 + multiplicity * 7 % 19;
            NequipConfig config = TestNetwork.Small with
            {
                Hidden = $"{multiplicity}x0e+{other}x1o+{1 + other / 2}x2e+3x0e",
                Output = $"{other}x0e+{multiplicity}x1o+2x2e",
                LayerCount = 2,
            };
            NequipModel model = NequipModel.CreateRandom(config, multiplicity);
            foreach (FullyConnectedProduct product in (FullyConnectedProduct[])
                [model.Layers[1].SelfConnection, model.Layers[1].Lin1, model.Layers[1].Lin2, model.Layers[1].Alpha, model.Readout])
                Check(model, product, width, new Random(multiplicity));
        }
    }

    private static void Check(NequipModel model, FullyConnectedProduct product, SimdWidth width, Random random)
    {
        ChannelLayout input = ChannelLayout.Of(product.Input, _ => true), output = ChannelLayout.Of(product.Output, _ => true);
        using var folded = new FoldedProduct(product, model.AttributeTable, model.SpeciesCount, input, output, g => g.L == 1, width);
        const int Species = 1;
        int inLength = input.Length + 16, outLength = output.Length + 16;
        using var from = new NativeArray<float>(NodeProduct.Atoms * inLength);
        using var to = new NativeArray<float>(NodeProduct.Atoms * outLength);
        float** inputs = stackalloc float*[NodeProduct.Atoms], outputs = stackalloc float*[NodeProduct.Atoms];
        float* factors = stackalloc float[NodeProduct.Atoms] { 0.75f, -1, 2, 0.3f };
        double[][] x = [.. Enumerable.Range(0, NodeProduct.Atoms).Select(_ => new double[product.Input.Dimension])];
        for (int a = 0; a < NodeProduct.Atoms; a++)
        {
            inputs[a] = from.Pointer + a * inLength;
            outputs[a] = to.Pointer + a * outLength;
            foreach ((int flat, int place) in Places(product.Input, input))
                inputs[a][place] = (float)(x[a][flat] = (float)(random.NextDouble() - 0.5));
        }

        // It adds to what is there.
        to.Span.Fill(2);
        folded.Apply(Species, inputs, outputs, factors);
        for (int a = 0; a < NodeProduct.Atoms; a++)
        {
            double[] expected = Expected(model, product, Species, x[a], factors[a]), actual = new double[expected.Length];
            foreach ((int flat, int place) in Places(product.Output, output))
                actual[flat] = outputs[a][place] - 2;
            Tolerance.AssertClose(expected, actual, 2e-6, $"{product.Name}: {product.Input} -> {product.Output}, atom {a}");
            Assert.All(to.Span.Slice(a * outLength + output.Length, 16).ToArray(), value => Assert.Equal(2, value));
        }
    }

    private static double[] Expected(NequipModel model, FullyConnectedProduct product, int species, double[] x, double factor)
    {
        double[] expected = new double[product.Output.Dimension];
        foreach (FullyConnectedPath path in product.Paths)
        {
            var (i, a, o) = (product.Input[path.InputSlot], product.Attributes[path.AttributeSlot], product.Output[path.OutputSlot]);
            for (int u = 0; u < i.Multiplicity; u++)
                for (int v = 0; v < a.Multiplicity; v++)
                    for (int w = 0; w < o.Multiplicity; w++)
                        for (int m = 0; m < i.Irrep.Dimension; m++)
                            expected[o.Offset + w * i.Irrep.Dimension + m] += path.Factor * (i.L == 1 ? factor : 1) *
                                product.Weights[path.WeightOffset + (u * a.Multiplicity + v) * o.Multiplicity + w] *
                                x[i.Offset + u * i.Irrep.Dimension + m] *
                                model.AttributeTable[species * product.Attributes.Dimension + a.Offset + v];
        }

        return expected;
    }

    private static IEnumerable<(int Flat, int Place)> Places(Irreps irreps, ChannelLayout layout)
    {
        foreach (IrrepBlock block in irreps)
            for (int u = 0; u < block.Multiplicity; u++)
            {
                Assert.True(layout.TryFind(block.Offset + u * block.Irrep.Dimension, out int g, out int channel));
                for (int m = 0; m < block.Irrep.Dimension; m++)
                    yield return (block.Offset + u * block.Irrep.Dimension + m,
                        layout.Groups[g].Offset + m * layout.Groups[g].Channels + channel);
            }
    }
}
