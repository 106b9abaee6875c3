using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Reference;

/// <summary>Derivatives of <see cref="ReferenceActivations"/>, constants included.</summary>
public static class ReferenceActivationsBackward
{
    public static double SiLU(double x)
    {
        double s = 1 / (1 + Math.Exp(-x));
        return Activations.SiLU * s * (1 + x * (1 - s));
    }

    public static double Sigmoid(double x)
    {
        double s = 1 / (1 + Math.Exp(-x));
        return Activations.Sigmoid * s * (1 - s);
    }

    public static double Tanh(double x)
    {
        double t = Math.Tanh(x);
        return Activations.Tanh * (1 - t * t);
    }
}
