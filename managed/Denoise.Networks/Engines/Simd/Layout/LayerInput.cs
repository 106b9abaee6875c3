using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Simd.Layout;

/// <summary>What enters a layer: which irreps of its input are read, and what a first layer knows of a species.</summary>
internal static class LayerInput
{
    /// <summary>Layout of the irreps on which a wanted output depends, through an edge or through the self connection.</summary>
    /// <param name="layer">the layer</param>
    /// <param name="preGate">what is wanted of what enters its gate</param>
    public static ChannelLayout Of(InteractionLayer layer, ChannelLayout preGate) =>
        ChannelLayout.Of(layer.Input, irrep => IsRead(layer, irrep, preGate));

    /// <summary>[species][group][channel] of a product with what the network knows of a species.</summary>
    public static double[][][] OfEmbeddings(NequipModel model, FoldedWeights product)
    {
        var results = new double[model.SpeciesCount][][];
        for (int s = 0; s < results.Length; s++)
        {
            double[][] matrices = product.Of(s);
            results[s] = [.. product.Output.Groups.Select(group => new double[group.Channels])];
            for (int c = 0; c < model.NodeEmbedding.Dimension; c++)
                if (product.Input.TryFind(c, out int from, out int u) &&
                    product.Output.IndexOf(product.Input.Groups[from].Irrep) is var to and >= 0)
                    for (int v = 0; v < results[s][to].Length; v++)
                        results[s][to][v] +=
                            matrices[to][u * results[s][to].Length + v] * model.NodeTable[s * model.NodeEmbedding.Dimension + c];
        }

        return results;
    }

    private static bool IsRead(InteractionLayer layer, Irrep irrep, ChannelLayout preGate) =>
        irrep == Irrep.Scalar || preGate.IndexOf(irrep) >= 0 || layer.ConvolutionPaths.Any(path =>
            layer.Input[path.InputSlot].Irrep == irrep && layer.Convolution[path.OutputSlot].Irrep is var sum &&
            (sum == Irrep.Scalar || preGate.IndexOf(sum) >= 0));
}
