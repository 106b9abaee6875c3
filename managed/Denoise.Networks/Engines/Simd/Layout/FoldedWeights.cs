using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Simd.Layout;

/// <summary>
/// A fully connected product with the species' attributes multiplied in: one matrix [input channel, output channel] per species
/// and irrep, both padded,
/// <code>W_s[u, w] = factor * sum_v weight[u, v, w] z_s[v]</code>
/// Channels that the layouts do not hold are left out.
/// </summary>
internal sealed class FoldedWeights
{
    private readonly double[][][] _matrices;

    /// <param name="product">the product</param>
    /// <param name="attributes">[species, attributes] z of every species</param>
    /// <param name="input">layout of the rows that come in</param>
    /// <param name="output">layout of the rows that go out</param>
    public FoldedWeights(FullyConnectedProduct product, float[] attributes, ChannelLayout input, ChannelLayout output)
    {
        (Input, Output) = (input, output);
        _matrices = [.. attributes.Chunk(product.Attributes.Dimension).Select(z => Fold(product, z))];
    }

    /// <summary>Of given matrices: [species][group of outputs][input channel, output channel].</summary>
    public FoldedWeights(ChannelLayout input, ChannelLayout output, double[][][] matrices) =>
        (Input, Output, _matrices) = (input, output, matrices);

    public ChannelLayout Input { get; }

    public ChannelLayout Output { get; }

    /// <summary>Per group of outputs the matrix of one species, row by row; empty if the input lacks that irrep.</summary>
    public double[][] Of(int species) => _matrices[species];

    private double[][] Fold(FullyConnectedProduct product, float[] z)
    {
        var matrices = new double[Output.Groups.Count][];
        for (int g = 0; g < matrices.Length; g++)
        {
            int from = Input.IndexOf(Output.Groups[g].Irrep);
            matrices[g] = new double[from < 0 ? 0 : Input.Groups[from].Channels * Output.Groups[g].Channels];
        }

        foreach (FullyConnectedPath path in product.Paths)
        {
            var (inBlock, zBlock, outBlock) =
                (product.Input[path.InputSlot], product.Attributes[path.AttributeSlot], product.Output[path.OutputSlot]);
            for (int u = 0; u < inBlock.Multiplicity; u++)
                for (int v = 0; v < zBlock.Multiplicity; v++)
                    for (int w = 0; w < outBlock.Multiplicity; w++)
                    {
                        if (!Input.TryFind(inBlock.Offset + u * inBlock.Irrep.Dimension, out _, out int from) ||
                            !Output.TryFind(outBlock.Offset + w * outBlock.Irrep.Dimension, out int group, out int to))
                            continue;
                        double weight = product.Weights[path.WeightOffset + (u * zBlock.Multiplicity + v) * outBlock.Multiplicity + w];
                        matrices[group][from * Output.Groups[group].Channels + to] += path.Factor * weight * z[zBlock.Offset + v];
                    }
        }

        return matrices;
    }
}
