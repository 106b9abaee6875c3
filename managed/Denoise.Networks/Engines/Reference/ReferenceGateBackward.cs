using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Reference;

/// <summary>The adjoint of <see cref="ReferenceGate"/>.</summary>
public static class ReferenceGateBackward
{
    /// <param name="layout">where what lies</param>
    /// <param name="preGate">[atoms, Input.Dimension] as in the forward pass</param>
    /// <param name="outputAdj">[atoms, Output.Dimension]</param>
    /// <param name="preGateAdj">shape of preGate, overwritten</param>
    public static void Backward(GateLayout layout, FeatureTable preGate, FeatureTable outputAdj, FeatureTable preGateAdj)
    {
        for (long atom = 0; atom < preGate.RowCount; atom++)
        {
            ReadOnlySpan<double> x = preGate.Row(atom), yAdj = outputAdj.Row(atom);
            Span<double> xAdj = preGateAdj.Row(atom);
            for (int b = 0; b < layout.Blocks.Count; b++)
            {
                GateBlock block = layout.Blocks[b];
                for (int u = 0; u < block.Multiplicity; u++)
                    if (block.IsScalar)
                        xAdj[block.InputOffset + u] = yAdj[block.OutputOffset + u] * (block.Parity > 0
                            ? ReferenceActivationsBackward.SiLU(x[block.InputOffset + u])
                            : ReferenceActivationsBackward.Tanh(x[block.InputOffset + u]));
                    else
                    {
                        double gate = ReferenceActivations.Sigmoid(x[block.GateOffset + u]);
                        double gateAdj = 0;
                        for (int m = 0; m < block.ChannelDimension; m++)
                        {
                            int component = u * block.ChannelDimension + m;
                            gateAdj += x[block.InputOffset + component] * yAdj[block.OutputOffset + component];
                            xAdj[block.InputOffset + component] = gate * yAdj[block.OutputOffset + component];
                        }

                        xAdj[block.GateOffset + u] = gateAdj * ReferenceActivationsBackward.Sigmoid(x[block.GateOffset + u]);
                    }
            }
        }
    }
}
