using Denoise.Networks.Models;

namespace Denoise.Training.Calibration;

/// <summary>
/// Weights whose heads are multiplied by numbers, a temperature or a unit: the readout is linear, so that nobody has to know of it later.
/// </summary>
internal static class ScaledReadout
{
    /// <param name="model">its own weights stay as they are</param>
    /// <param name="factors">names of heads and their factors; heads that are not there, and factors of 1, change nothing</param>
    public static StateDict Of(NequipModel model, params IEnumerable<(string Head, double Factor)> factors)
    {
        StateDict state = model.ToStateDict();
        FullyConnectedProduct readout = model.Readout;
        float[] weights = [.. readout.Weights];
        foreach ((string head, double factor) in factors)
        {
            int slot = model.IndexOfHead(head);
            foreach (FullyConnectedPath path in readout.Paths.Where(path => path.OutputSlot == slot))
            {
                int count = readout.Input[path.InputSlot].Multiplicity * readout.Attributes[path.AttributeSlot].Multiplicity *
                    readout.Output[path.OutputSlot].Multiplicity;
                foreach (ref float weight in weights.AsSpan(path.WeightOffset, count))
                    weight = (float)(weight * factor);
            }
        }

        return new(state.Source, [.. state.Tensors.Select(tensor =>
            tensor.Name == readout.WeightName ? new Tensor(tensor.Name, tensor.Shape, weights) : tensor)]);
    }
}
