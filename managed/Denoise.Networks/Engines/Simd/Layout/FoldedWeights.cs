using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Simd.Layout;

/// <summary>
/// A fully connected product with the species' attributes multiplied in: one matrix [input channel, output channel] per species
/// and irrep, both padded,
/// <code>W_s[u, w] = factor * sum_v weight[u, v, w] z_s[v]</code>
/// Channels that the layouts do not hold are left out.
/// </summary>
/// <param name="product">the product</param>
/// <param name="attributes">[species, attributes] z of every species</param>
/// <param name="input">layout of the rows that come in</param>
/// <param name="output">layout of the rows that go out</param>
internal sealed class FoldedWeights(FullyConnectedProduct product, float[] attributes, ChannelLayout input, ChannelLayout output)
{
    public ChannelLayout Input => input;

    public ChannelLayout Output => output;

    /// <summary>Per group of outputs the matrix of one species, row by row; empty if the input lacks that irrep.</summary>
    public double[][] Of(int species)
    {
        ReadOnlySpan<float> z = attributes.AsSpan(species * product.Attributes.Dimension, product.Attributes.Dimension);
        var matrices = new double[output.Groups.Count][];
        for (int g = 0; g < matrices.Length; g++)
        {
            int from = input.IndexOf(output.Groups[g].Irrep);
            matrices[g] = new double[from < 0 ? 0 : input.Groups[from].Channels * output.Groups[g].Channels];
        }

        foreach (FullyConnectedPath path in product.Paths)
        {
            var (inBlock, zBlock, outBlock) =
                (product.Input[path.InputSlot], product.Attributes[path.AttributeSlot], product.Output[path.OutputSlot]);
            for (int u = 0; u < inBlock.Multiplicity; u++)
                for (int v = 0; v < zBlock.Multiplicity; v++)
                    for (int w = 0; w < outBlock.Multiplicity; w++)
                    {
                        if (!input.TryFind(inBlock.Offset + u * inBlock.Irrep.Dimension, out _, out int from) ||
                            !output.TryFind(outBlock.Offset + w * outBlock.Irrep.Dimension, out int group, out int to))
                            continue;
                        double weight = product.Weights[path.WeightOffset + (u * zBlock.Multiplicity + v) * outBlock.Multiplicity + w];
                        matrices[group][from * output.Groups[group].Channels + to] += path.Factor * weight * z[zBlock.Offset + v];
                    }
        }

        return matrices;
    }
}
