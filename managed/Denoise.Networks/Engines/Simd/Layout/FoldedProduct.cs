using Denoise.Networks.Engines.Simd.Kernels;
using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Simd.Layout;

/// <summary>
/// A fully connected product with the species' attributes multiplied in: one matrix [input channel, output channel] per species
/// and irrep,
/// <code>W_s[u, w] = factor * sum_v weight[u, v, w] z_s[v]</code>
/// cut into tiles for the product kernels. Outputs that the layout does not hold are left out.
/// </summary>
internal sealed unsafe class FoldedProduct : IDisposable
{
    private readonly NativeArray<ProductTile> _tiles;
    private readonly NativeArray<float> _weights;
    private readonly int _weightsPerSpecies;

    /// <param name="product">the product</param>
    /// <param name="attributes">[species, attributes] z of every species</param>
    /// <param name="speciesCount">rows of <paramref name="attributes"/></param>
    /// <param name="input">layout of the rows that come in</param>
    /// <param name="output">layout of the rows that go out</param>
    /// <param name="isScaled">of a group of outputs: whether the factors given to <see cref="Apply"/> multiply it</param>
    /// <param name="width">vectors to use</param>
    public FoldedProduct(FullyConnectedProduct product, float[] attributes, int speciesCount, ChannelLayout input,
        ChannelLayout output, Func<IrrepGroup, bool> isScaled, SimdWidth width)
    {
        var tiles = new List<ProductTile>();
        var tileSources = new List<(int InputGroup, int OutputGroup, int FirstChannel, int Channels)>();
        for (int g = 0; g < output.Groups.Count; g++)
        {
            IrrepGroup to = output.Groups[g];
            int from = input.IndexOf(to.Irrep);
            if (from < 0)
                continue;
            for (int first = 0; first < to.Channels;)
            {
                int channels = LaneSplit.Take(to.Channels - first, width);
                tiles.Add(new()
                {
                    Kernel = KernelTable.Product(to.L, channels, width),
                    InputChannels = input.Groups[from].Channels,
                    Input = input.Groups[from].Offset,
                    InputStride = input.Groups[from].Channels,
                    Weights = _weightsPerSpecies,
                    Output = to.Offset + first,
                    OutputStride = to.Channels,
                    IsScaled = isScaled(to) ? 1 : 0,
                });
                tileSources.Add((from, g, first, channels));
                _weightsPerSpecies += input.Groups[from].Channels * channels;
                first += channels;
            }
        }

        _tiles = new([.. tiles]);
        _weights = new(speciesCount * _weightsPerSpecies);
        for (int s = 0; s < speciesCount; s++)
        {
            ReadOnlySpan<float> z = attributes.AsSpan(s * product.Attributes.Dimension, product.Attributes.Dimension);
            double[][] matrices = Matrices(product, z, input, output);
            for (int t = 0; t < tiles.Count; t++)
            {
                (int from, int to, int first, int channels) = tileSources[t];
                float* weights = _weights.Pointer + s * _weightsPerSpecies + tiles[t].Weights;
                int groups = (int)width / 32 / channels;
                for (int u = 0; u < tiles[t].InputChannels; u++)
                    for (int v = 0; v < channels; v++)
                        weights[u / groups * channels * groups + v * groups + u % groups] =
                            (float)matrices[to][u * output.Groups[to].Channels + first + v];
            }
        }
    }

    public long MemoryBytes => _weights.Length * sizeof(float);

    /// <summary>Adds the products of four atoms' rows, in the layouts given, to their output rows.</summary>
    /// <param name="species">of all four atoms</param>
    /// <param name="inputs">[4] rows</param>
    /// <param name="outputs">[4] rows; one may stand for several atoms whose result nobody wants</param>
    /// <param name="factors">[4] of the groups that are scaled; null: 1</param>
    public void Apply(int species, float** inputs, float** outputs, float* factors)
    {
        float* weights = _weights.Pointer + (nint)species * _weightsPerSpecies;
        float* ones = stackalloc float[NodeProduct.Atoms];
        new Span<float>(ones, NodeProduct.Atoms).Fill(1);
        ProductTile* end = _tiles.Pointer + _tiles.Length;
        for (ProductTile* tile = _tiles.Pointer; tile < end; tile++)
            tile->Kernel(tile, weights, inputs, outputs, tile->IsScaled != 0 && factors != null ? factors : ones);
    }

    public void Dispose()
    {
        _tiles.Dispose();
        _weights.Dispose();
    }

    /// <summary>Per group of outputs the matrix [input channel, output channel], both padded, of one species.</summary>
    private static double[][] Matrices(FullyConnectedProduct product, ReadOnlySpan<float> z, ChannelLayout input, ChannelLayout output)
    {
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
