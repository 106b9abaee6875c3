using Denoise.Networks.Engines.Simd.Kernels;
using Denoise.Networks.Engines.Simd.Layout;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Simd;

/// <summary>One head: the readout's product for its block, and where the numbers go.</summary>
internal sealed unsafe class HeadReadout : IDisposable
{
    private readonly NodeProductPlan _product;
    private readonly (int From, int To)[] _order;

    /// <param name="model">of which it is a head</param>
    /// <param name="head">the head</param>
    /// <param name="features">of the last layer</param>
    /// <param name="width">of the vectors</param>
    public HeadReadout(NequipModel model, Head head, ChannelLayout features, SimdWidth width)
    {
        ChannelLayout layout = new();
        layout.Append(head.Block.Irrep, head.Block.Multiplicity, head.Block.Offset, head.Block.Irrep.Dimension, padAfter: false);
        layout.Complete();
        Length = layout.Length;
        _product = NodeProductPlan.Of(new(model.Readout, model.AttributeTable, features, layout), model.SpeciesCount, width);
        _order = [.. Order(head.Block, layout)];
    }

    /// <summary>Floats of a row of the product.</summary>
    public int Length { get; }

    /// <summary>Up to <see cref="NodeProduct.Atoms"/> atoms of one species.</summary>
    /// <param name="species">theirs</param>
    /// <param name="features">rows of the last layer</param>
    /// <param name="rows">scratch</param>
    /// <param name="atoms">[count]</param>
    /// <param name="count">atoms</param>
    /// <param name="output">[all atoms, dimension of the head]</param>
    public void Apply(int species, float** features, float** rows, int* atoms, int count, float* output)
    {
        ProductRows product = new() { First = features, Outputs = rows };
        _product.Apply(species, &product);
        for (int a = 0; a < count; a++)
        {
            float* to = output + atoms[a] * (nint)_order.Length, from = rows[a];
            foreach ((int source, int target) in _order)
                to[target] = from[source];
        }
    }

    public void Dispose() => _product.Dispose();

    private static IEnumerable<(int From, int To)> Order(IrrepBlock block, ChannelLayout layout)
    {
        for (int u = 0; u < block.Multiplicity; u++)
        {
            int first = u * block.Irrep.Dimension;
            layout.TryFind(block.Offset + first, out int group, out int channel);
            for (int m = 0; m < block.Irrep.Dimension; m++)
                yield return (layout.Groups[group].Offset + m * layout.Groups[group].Channels + channel, first + m);
        }
    }
}
