using Denoise.Networks.Models;

namespace Denoise.Training.Optimization;

/// <summary>
/// Exponential average of the weights, <c>a += (1 - d) (w - a)</c>, with d = min(decay, (1 + t) / (10 + t)) so that it does not
/// remember the random start.
/// </summary>
public sealed class WeightAverage(IReadOnlyList<Tensor> parameters, double decay)
{
    /// <summary>Copies of the parameters under their names.</summary>
    public IReadOnlyList<Tensor> Tensors { get; } =
        [.. parameters.Select(parameter => parameter with { Values = [.. parameter.Values] })];

    /// <param name="step">t, from 1</param>
    public void Update(long step)
    {
        float rate = (float)(1 - Math.Min(decay, (1.0 + step) / (10.0 + step)));
        for (int p = 0; p < parameters.Count; p++)
        {
            float[] from = parameters[p].Values, to = Tensors[p].Values;
            for (int i = 0; i < to.Length; i++)
                to[i] += rate * (from[i] - to[i]);
        }
    }
}
