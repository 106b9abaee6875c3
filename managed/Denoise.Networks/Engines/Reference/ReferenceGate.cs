using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Reference;

/// <summary>Evaluates a <see cref="GateLayout"/> atom by atom.</summary>
public static class ReferenceGate
{
    /// <param name="layout">where what lies</param>
    /// <param name="preGate">[atoms, Input.Dimension]</param>
    /// <param name="output">[atoms, Output.Dimension], overwritten</param>
    public static void Forward(GateLayout layout, FeatureTable preGate, FeatureTable output)
    {
        for (long atom = 0; atom < preGate.RowCount; atom++)
        {
            ReadOnlySpan<double> x = preGate.Row(atom);
            Span<double> y = output.Row(atom);
            for (int b = 0; b < layout.Blocks.Count; b++)
            {
                GateBlock block = layout.Blocks[b];
                for (int u = 0; u < block.Multiplicity; u++)
                    if (block.IsScalar)
                        y[block.OutputOffset + u] = block.Parity > 0
                            ? ReferenceActivations.SiLU(x[block.InputOffset + u])
                            : ReferenceActivations.Tanh(x[block.InputOffset + u]);
                    else
                    {
                        double gate = ReferenceActivations.Sigmoid(x[block.GateOffset + u]);
                        for (int m = 0; m < block.ChannelDimension; m++)
                        {
                            int component = u * block.ChannelDimension + m;
                            y[block.OutputOffset + component] = gate * x[block.InputOffset + component];
                        }
                    }
            }
        }
    }
}
