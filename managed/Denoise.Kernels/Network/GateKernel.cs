using Denoise.Devices.Arguments;
using ILGPU;
using ILGPU.Algorithms;

namespace Denoise.Kernels.Network;

/// <summary>
/// The gate that ends a layer, for the channels of one irrep: scalars go through c silu(x) or c tanh(x), others are multiplied by
/// c sigmoid(gate). One thread per atom and channel.
/// </summary>
public static class GateKernel
{
    /// <param name="s">scalars</param>
    /// <param name="inputs">[chunk, InputLength]</param>
    /// <param name="outputs">[evaluated atoms, OutputLength]</param>
    public static void Run(GateArguments s, ArrayView<float> inputs, ArrayView<float> outputs)
    {
        int thread = Grid.IdxX * Group.DimX + Group.IdxX;
        int atom = thread / s.Channels, channel = thread - atom * s.Channels;
        if (atom >= s.Atoms)
            return;
        long row = (long)atom * s.InputLength + channel;
        long output = (long)(s.First + atom) * s.OutputLength + (s.Output + channel);
        float x = inputs[row + s.Input];
        if (s.Kind == 1)
        {
            outputs[output] = s.Factor * x / (1 + XMath.Exp(-x));
        }
        else if (s.Kind == 2)
        {
            outputs[output] = s.Factor * (2 / (1 + XMath.Exp(-2 * x)) - 1);
        }
        else
        {
            float gate = s.Factor / (1 + XMath.Exp(-inputs[row + s.Gate]));
            for (int m = 0; m < s.Components; m++)
                outputs[output + m * s.OutputStride] = gate * inputs[row + (s.Input + m * s.InputStride)];
        }
    }
}
