using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Reference;

/// <summary>
/// Evaluates a <see cref="FullyConnectedProduct"/> atom by atom:
/// <code>out[w, m] = sum over paths of factor * sum_u x[u, m] * ( sum_v W[u, v, w] z[v] )</code>
/// </summary>
public sealed class ReferenceProduct(FullyConnectedProduct product)
{
    private readonly FullyConnectedPath[] _paths = [.. product.Paths];
    private readonly double[] _mixing = new double[product.Output.Count == 0 ? 0 : product.Output.Max(block => block.Multiplicity)];

    /// <param name="x">[at least rowCount, Input.Dimension]</param>
    /// <param name="z">[at least rowCount, Attributes.Dimension]</param>
    /// <param name="rowCount">atoms to evaluate</param>
    /// <param name="output">[at least rowCount, Output.Dimension], overwritten in its first rows</param>
    public void Forward(FeatureTable x, FeatureTable z, int rowCount, FeatureTable output)
    {
        for (int atom = 0; atom < rowCount; atom++)
            Forward(x.Row(atom), z.Row(atom), output.Row(atom));
    }

    private void Forward(ReadOnlySpan<double> x, ReadOnlySpan<double> z, Span<double> output)
    {
        output.Clear();
        foreach (FullyConnectedPath path in _paths)
        {
            IrrepBlock input = product.Input[path.InputSlot];
            IrrepBlock attribute = product.Attributes[path.AttributeSlot];
            IrrepBlock result = product.Output[path.OutputSlot];
            int components = input.Irrep.Dimension;
            Span<double> mixing = _mixing.AsSpan(0, result.Multiplicity);
            for (int u = 0; u < input.Multiplicity; u++)
            {
                mixing.Clear();
                for (int v = 0; v < attribute.Multiplicity; v++)
                {
                    double zv = path.Factor * z[attribute.Offset + v];
                    ReadOnlySpan<float> weights = product.Weights.AsSpan(
                        path.WeightOffset + (u * attribute.Multiplicity + v) * result.Multiplicity, result.Multiplicity);
                    RowMath.MultiplyAdd(zv, weights, mixing);
                }

                ReadOnlySpan<double> xu = x.Slice(input.Offset + u * components, components);
                for (int w = 0; w < mixing.Length; w++)
                    for (int m = 0; m < components; m++)
                        output[result.Offset + w * components + m] += mixing[w] * xu[m];
            }
        }
    }
}
