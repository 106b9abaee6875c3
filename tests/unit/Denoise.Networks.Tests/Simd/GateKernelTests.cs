using System.Runtime.Intrinsics;
using Denoise.Networks.Engines.Simd.Kernels;
using Denoise.Networks.Engines.Simd.Lanes;
using Denoise.Networks.Models;

namespace Denoise.Networks.Tests.Simd;

public sealed class GateKernelTests
{
    public static TheoryData<int> Widths => [256, 512];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Exponential_is_exact_to_a_few_units_in_the_last_place(int width)
    {
        for (double x = -87; x <= 87; x += 0.0317)
        {
            float argument = (float)x;
            float actual = width == 256
                ? GateKernel.Exp<Simd256, Vector256<float>>(Vector256.Create(argument))[5]
                : GateKernel.Exp<Simd512, Vector512<float>>(Vector512.Create(argument))[13];
            double expected = Math.Exp(argument);
            Assert.InRange(Math.Abs(actual - expected) / expected, 0, 2.5e-7);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Activations_equal_their_formulas(int width)
    {
        float[] extremes = [0, -0f, 1e-20f, 100, -100, 1e30f, -1e30f];
        var random = new Random(3);
        foreach (float x in (float[])[.. extremes, .. Enumerable.Range(0, 500).Select(_ => (float)(20 * random.NextDouble() - 10))])
        {
            Check(x, Activate(width, x, (float)Activations.SiLU, 0, 1, 0), v => Activations.SiLU * v / (1 + Math.Exp(-v)));
            Check(x, Activate(width, x, 0, (float)Activations.Sigmoid, 1, 0), v => Activations.Sigmoid / (1 + Math.Exp(-v)));
            Check(x, Activate(width, x, 0, (float)(2 * Activations.Tanh), 2, -(float)Activations.Tanh),
                v => Activations.Tanh * Math.Tanh(v));
        }
    }

    /// <summary>In one lane, zero in all others.</summary>
    private static float Activate(int width, float x, float linear, float constant, float s, float shift) => width == 256
        ? GateKernel.Activate<Simd256, Vector256<float>>(Vector256<float>.Zero.WithElement(5, x), Vector256.Create(linear),
            Vector256.Create(constant), Vector256.Create(s), Vector256.Create(shift))[5]
        : GateKernel.Activate<Simd512, Vector512<float>>(Vector512<float>.Zero.WithElement(13, x), Vector512.Create(linear),
            Vector512.Create(constant), Vector512.Create(s), Vector512.Create(shift))[13];

    private static void Check(float x, float actual, Func<double, double> formula)
    {
        double expected = formula(x);
        Assert.InRange(Math.Abs(actual - expected) / Math.Max(1, Math.Abs(expected)), 0, 1e-6);
    }
}
