using Denoise.Networks.Models;

namespace Denoise.Training.Calibration;

/// <summary>Weights whose logits are divided by a temperature: the readout is linear, so that nobody has to know of it later.</summary>
internal static class CalibratedReadout
{
    /// <param name="model">with a head of logits; its own weights stay as they are</param>
    /// <param name="temperature">above 0</param>
    public static StateDict Of(NequipModel model, double temperature)
    {
        StateDict state = model.ToStateDict();
        FullyConnectedProduct readout = model.Readout;
        float[] weights = [.. readout.Weights];
        int logits = model.IndexOfHead(Head.Logits);
        foreach (FullyConnectedPath path in readout.Paths.Where(path => path.OutputSlot == logits))
        {
            int count = readout.Input[path.InputSlot].Multiplicity * readout.Attributes[path.AttributeSlot].Multiplicity *
                readout.Output[path.OutputSlot].Multiplicity;
            foreach (ref float weight in weights.AsSpan(path.WeightOffset, count))
                weight = (float)(weight / temperature);
        }

        return new(state.Source, [.. state.Tensors.Select(tensor =>
            tensor.Name == readout.WeightName ? new Tensor(tensor.Name, tensor.Shape, weights) : tensor)]);
    }
}
