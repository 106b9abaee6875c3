using Denoise.Networks.Models;

namespace Denoise.Training.Optimization;

/// <summary>
/// Adam with decoupled weight decay (arXiv 1711.05101):
/// <code>
/// m = b1 m + (1 - b1) g,   v = b2 v + (1 - b2) g^2
/// w -= rate * ( m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + eps) + decay * w )
/// </code>
/// </summary>
public sealed class AdamW
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;

    private readonly IReadOnlyList<Tensor> _parameters;
    private readonly double _weightDecay;

    /// <param name="parameters">changed in place</param>
    /// <param name="weightDecay">per unit of learning rate</param>
    public AdamW(IReadOnlyList<Tensor> parameters, double weightDecay)
    {
        (_parameters, _weightDecay) = (parameters, weightDecay);
        FirstMoments = [.. parameters.Select(parameter => new float[parameter.Values.Length])];
        SecondMoments = [.. parameters.Select(parameter => new float[parameter.Values.Length])];
    }

    /// <summary>m, per parameter</summary>
    public IReadOnlyList<float[]> FirstMoments { get; }

    /// <summary>v, per parameter</summary>
    public IReadOnlyList<float[]> SecondMoments { get; }

    /// <param name="gradients">dL/dw, in the parameters' order and names</param>
    /// <param name="scale">factor on them, for clipping</param>
    /// <param name="rate">learning rate</param>
    /// <param name="step">t, from 1</param>
    public void Update(ParameterGradients gradients, double scale, double rate, long step)
    {
        double correction1 = 1 - Math.Pow(Beta1, step), correction2 = 1 - Math.Pow(Beta2, step);
        for (int p = 0; p < _parameters.Count; p++)
        {
            float[] values = _parameters[p].Values, first = FirstMoments[p], second = SecondMoments[p];
            double[] gradient = gradients[_parameters[p].Name];
            for (int i = 0; i < values.Length; i++)
            {
                double g = scale * gradient[i];
                first[i] = (float)(Beta1 * first[i] + (1 - Beta1) * g);
                second[i] = (float)(Beta2 * second[i] + (1 - Beta2) * g * g);
                double change = first[i] / correction1 / (Math.Sqrt(second[i] / correction2) + Epsilon);
                values[i] = (float)(values[i] - rate * (change + _weightDecay * values[i]));
            }
        }
    }
}
