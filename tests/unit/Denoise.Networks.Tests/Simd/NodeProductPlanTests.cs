using Denoise.Networks.Engines.Reference;
using Denoise.Networks.Engines.Simd;
using Denoise.Networks.Engines.Simd.Kernels;
using Denoise.Networks.Engines.Simd.Layout;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;
using Denoise.TestSupport;

namespace Denoise.Networks.Tests.Simd;

public sealed unsafe class NodeProductPlanTests
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

    /// <summary>gate( second + factor * first ), where the factor only acts on some irreps, for every multiplicity up to two vectors.</summary>
    [Theory]
    [InlineData(SimdWidth.Bits256)]
    [InlineData(SimdWidth.Bits512)]
    public void Gated_sums_of_two_products_equal_the_reference(SimdWidth width)
    {
        for (int multiplicity = 1; multiplicity <= 34; multiplicity++)
        {
            int other = 1 + multiplicity * 7 % 19;
            NequipConfig config = TestNetwork.Small with
            {
                Hidden = $"{multiplicity}x0e+{1 + other / 3}x0o+{other}x1o+{1 + other / 2}x1e+{multiplicity}x2e+2x0e+3x1o",
                Edge = "1x0e+1x1o+1x2e",
                Output = "1x1o",
                LayerCount = 2,
            };
            NequipModel model = NequipModel.CreateRandom(config, multiplicity);
            CheckGated(model, model.Layers[1], width, new Random(multiplicity));
        }
    }

    private static void CheckGated(NequipModel model, InteractionLayer layer, SimdWidth width, Random random)
    {
        const int Species = 1;
        var gate = new GatePlan(layer.Gate, _ => true);
        ChannelLayout sums = ChannelLayout.Of(layer.Convolution, _ => true), features = ChannelLayout.Of(layer.Input, _ => true);
        bool IsScaled(Irrep irrep) => irrep.L != 1;
        using var plan = new NodeProductPlan(
            [.. gate.Sections.Select(section => section with { IsScaled = IsScaled(section.Group.Irrep) })],
            new(layer.Lin2, model.AttributeTable, sums, gate.PreGate),
            new(layer.SelfConnection, model.AttributeTable, features, gate.PreGate), null, model.SpeciesCount, width);
        float* factors = stackalloc float[NodeProduct.Atoms] { 0.75f, -1, 2, 0.3f };
        float** first = stackalloc float*[NodeProduct.Atoms], second = stackalloc float*[NodeProduct.Atoms];
        float** gates = stackalloc float*[NodeProduct.Atoms], outputs = stackalloc float*[NodeProduct.Atoms];
        int length = 16 + new[] { sums.Length, features.Length, gate.GateCount, gate.Output.Length }.Max();
        using var memory = new NativeArray<float>(4 * NodeProduct.Atoms * length);
        using FeatureTable x = new(), a = new(), z = new(), mixed = new(), self = new(), preGate = new(), expected = new();
        foreach (var (table, irreps) in new[]
        {
            (x, layer.Input), (a, layer.Convolution), (z, layer.Lin2.Attributes), (mixed, layer.PreGate), (self, layer.PreGate),
            (preGate, layer.PreGate), (expected, layer.Output),
        })
            table.Resize(NodeProduct.Atoms, irreps.Dimension);
        for (int atom = 0; atom < NodeProduct.Atoms; atom++)
        {
            first[atom] = memory.Pointer + 4 * atom * length;
            second[atom] = first[atom] + length;
            gates[atom] = second[atom] + length;
            outputs[atom] = gates[atom] + length;
            foreach ((int flat, int place) in Places(layer.Convolution, sums))
                first[atom][place] = (float)(a.Row(atom)[flat] = (float)(random.NextDouble() - 0.5));
            foreach ((int flat, int place) in Places(layer.Input, features))
                second[atom][place] = (float)(x.Row(atom)[flat] = (float)(random.NextDouble() - 0.5));
            for (int v = 0; v < z.Width; v++)
                z.Row(atom)[v] = model.AttributeTable[Species * z.Width + v];
        }

        ProductRows rows = new() { First = first, Second = second, Factors = factors, Gates = gates, Outputs = outputs };
        plan.Apply(Species, &rows);

        new ReferenceProduct(layer.Lin2).Forward(a, z, NodeProduct.Atoms, mixed);
        new ReferenceProduct(layer.SelfConnection).Forward(x, z, NodeProduct.Atoms, self);
        for (int atom = 0; atom < NodeProduct.Atoms; atom++)
            foreach (IrrepBlock block in layer.PreGate)
                for (int c = block.Offset; c < block.Offset + block.Dimension; c++)
                    preGate.Row(atom)[c] = self.Row(atom)[c] + (IsScaled(block.Irrep) ? factors[atom] : 1) * mixed.Row(atom)[c];
        ReferenceGate.Forward(layer.Gate, preGate, expected);
        for (int atom = 0; atom < NodeProduct.Atoms; atom++)
        {
            double[] actual = new double[expected.Width];
            foreach ((int flat, int place) in Places(layer.Output, gate.Output))
                actual[flat] = outputs[atom][place];
            Tolerance.AssertClose(expected.Row(atom), actual, 2e-6, $"{layer.Output}, atom {atom}");
        }
    }

    private static void Check(NequipModel model, FullyConnectedProduct product, SimdWidth width, Random random)
    {
        ChannelLayout input = ChannelLayout.Of(product.Input, _ => true), output = ChannelLayout.Of(product.Output, _ => true);
        using var plan = NodeProductPlan.Of(new(product, model.AttributeTable, input, output), model.SpeciesCount, width);
        const int Species = 1;
        int inLength = input.Length + 16, outLength = output.Length + 16;
        using var from = new NativeArray<float>(NodeProduct.Atoms * inLength);
        using var to = new NativeArray<float>(NodeProduct.Atoms * outLength);
        float** inputs = stackalloc float*[NodeProduct.Atoms], outputs = stackalloc float*[NodeProduct.Atoms];
        double[][] x = [.. Enumerable.Range(0, NodeProduct.Atoms).Select(_ => new double[product.Input.Dimension])];
        for (int a = 0; a < NodeProduct.Atoms; a++)
        {
            inputs[a] = from.Pointer + a * inLength;
            outputs[a] = to.Pointer + a * outLength;
            foreach ((int flat, int place) in Places(product.Input, input))
                inputs[a][place] = (float)(x[a][flat] = (float)(random.NextDouble() - 0.5));
        }

        to.Span.Fill(2);
        ProductRows rows = new() { First = inputs, Outputs = outputs };
        plan.Apply(Species, &rows);
        for (int a = 0; a < NodeProduct.Atoms; a++)
        {
            double[] expected = Expected(model, product, Species, x[a]), actual = new double[expected.Length];
            foreach ((int flat, int place) in Places(product.Output, output))
                actual[flat] = outputs[a][place];
            Tolerance.AssertClose(expected, actual, 2e-6, $"{product.Name}: {product.Input} -> {product.Output}, atom {a}");
            Assert.All(to.Span.Slice(a * outLength + output.Length, 16).ToArray(), value => Assert.Equal(2, value));
        }
    }

    private static double[] Expected(NequipModel model, FullyConnectedProduct product, int species, double[] x)
    {
        double[] expected = new double[product.Output.Dimension];
        foreach (FullyConnectedPath path in product.Paths)
        {
            var (i, a, o) = (product.Input[path.InputSlot], product.Attributes[path.AttributeSlot], product.Output[path.OutputSlot]);
            for (int u = 0; u < i.Multiplicity; u++)
                for (int v = 0; v < a.Multiplicity; v++)
                    for (int w = 0; w < o.Multiplicity; w++)
                        for (int m = 0; m < i.Irrep.Dimension; m++)
                            expected[o.Offset + w * i.Irrep.Dimension + m] += path.Factor *
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
