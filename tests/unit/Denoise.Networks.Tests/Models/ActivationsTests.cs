using System.Text.Json;
using Denoise.Networks.Models;
using Denoise.Networks.Tests.Support;
using Denoise.TestSupport;

namespace Denoise.Networks.Tests.Models;

public class ActivationsTests
{
    [SharedFact]
    public void Constants_are_those_of_e3nn()
    {
        JsonElement table = ReferenceFile.Open("e3nn-tables.json").GetProperty("normalize2mom");
        Assert.Equal(Activations.SiLU, table.GetProperty("silu").GetDouble());
        Assert.Equal(Activations.Sigmoid, table.GetProperty("sigmoid").GetDouble());
        Assert.Equal(Activations.Tanh, table.GetProperty("tanh").GetDouble());
    }

    [Fact]
    public void Constants_bring_the_second_moment_to_one()
    {
        static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
        // e3nn samples the moment, which leaves 0.3% in the second moment.
        Assert.Equal(1, SecondMoment(x => Activations.SiLU * x * Sigmoid(x)), 4e-3);
        Assert.Equal(1, SecondMoment(x => Activations.Sigmoid * Sigmoid(x)), 4e-3);
        Assert.Equal(1, SecondMoment(x => Activations.Tanh * Math.Tanh(x)), 4e-3);
    }

    /// <summary>Integral of f^2 under the unit normal; the trapezoidal rule converges geometrically on it.</summary>
    private static double SecondMoment(Func<double, double> f)
    {
        const double step = 0.01;
        double sum = 0;
        for (int k = -1200; k <= 1200; k++)
            sum += step * f(k * step) * f(k * step) * Math.Exp(-k * step * k * step / 2) / Math.Sqrt(2 * Math.PI);
        return sum;
    }
}
