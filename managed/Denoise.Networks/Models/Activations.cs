namespace Denoise.Networks.Models;

/// <summary>
/// Factors c that bring the second moment of an activation under a unit normal to 1 (e3nn's normalize2mom). Networks are trained
/// with these numbers, so they are part of the model. e3nn estimates them from a fixed sample of random numbers: quadrature
/// gives 1.67653, 1.84623 and 1.59254, up to 0.2% less.
/// </summary>
public static class Activations
{
    /// <summary>x * sigmoid(x): even scalars and the radial network.</summary>
    public const double SiLU = 1.6791767923989418;

    /// <summary>1 / (1 + exp(-x)): gates.</summary>
    public const double Sigmoid = 1.8467055342154763;

    /// <summary>Odd scalars.</summary>
    public const double Tanh = 1.5937334472592695;
}
