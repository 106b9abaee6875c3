using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Reference;

/// <summary>
/// The adjoint of <see cref="ReferenceProduct"/>. With d[u, w] = sum_m x[u, m] outAdj[w, m], per path:
/// <code>
/// WAdj[u, v, w] += factor z[v] d[u, w]
/// zAdj[v]       += factor sum_uw W[u, v, w] d[u, w]
/// xAdj[u, m]    += factor sum_vw W[u, v, w] z[v] outAdj[w, m]
/// </code>
/// </summary>
public sealed class ReferenceProductBackward(FullyConnectedProduct product, double[] weightsAdj)
{
    private readonly FullyConnectedPath[] _paths = [.. product.Paths];

    /// <param name="x">[at least rowCount, Input.Dimension] as in the forward pass</param>
    /// <param name="z">[at least rowCount, Attributes.Dimension] as in the forward pass</param>
    /// <param name="rowCount">atoms</param>
    /// <param name="outputAdj">[at least rowCount, Output.Dimension]</param>
    /// <param name="xAdj">shape of x, added to</param>
    /// <param name="zAdj">shape of z, added to</param>
    public void Backward(FeatureTable x, FeatureTable z, int rowCount, FeatureTable outputAdj, FeatureTable xAdj, FeatureTable zAdj)
    {
        for (int atom = 0; atom < rowCount; atom++)
            Backward(x.Row(atom), z.Row(atom), outputAdj.Row(atom), xAdj.Row(atom), zAdj.Row(atom));
    }

    private void Backward(
        ReadOnlySpan<double> x, ReadOnlySpan<double> z, ReadOnlySpan<double> outputAdj, Span<double> xAdj, Span<double> zAdj)
    {
        foreach (FullyConnectedPath path in _paths)
        {
            IrrepBlock input = product.Input[path.InputSlot];
            IrrepBlock attribute = product.Attributes[path.AttributeSlot];
            IrrepBlock result = product.Output[path.OutputSlot];
            int components = input.Irrep.Dimension;
            for (int u = 0; u < input.Multiplicity; u++)
                for (int w = 0; w < result.Multiplicity; w++)
                {
                    int inputOffset = input.Offset + u * components, outputOffset = result.Offset + w * components;
                    double d = 0;
                    for (int m = 0; m < components; m++)
                        d += x[inputOffset + m] * outputAdj[outputOffset + m];

                    double mixing = 0;
                    for (int v = 0; v < attribute.Multiplicity; v++)
                    {
                        int weight = path.WeightOffset + (u * attribute.Multiplicity + v) * result.Multiplicity + w;
                        double zv = z[attribute.Offset + v];
                        weightsAdj[weight] += path.Factor * zv * d;
                        zAdj[attribute.Offset + v] += path.Factor * product.Weights[weight] * d;
                        mixing += path.Factor * product.Weights[weight] * zv;
                    }

                    for (int m = 0; m < components; m++)
                        xAdj[inputOffset + m] += mixing * outputAdj[outputOffset + m];
                }
        }
    }
}
