using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Reference;

/// <summary>The activations of the network with their constants, see <see cref="Activations"/>.</summary>
public static class ReferenceActivations
{
    public static double SiLU(double x) => Activations.SiLU * x / (1 + Math.Exp(-x));

    public static double Sigmoid(double x) => Activations.Sigmoid / (1 + Math.Exp(-x));

    public static double Tanh(double x) => Activations.Tanh * Math.Tanh(x);
}
