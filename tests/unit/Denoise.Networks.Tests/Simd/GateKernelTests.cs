using System.Runtime.Intrinsics;
using Denoise.Networks.Engines.Simd.Kernels;
using Denoise.Networks.Engines.Simd.Lanes;
using Denoise.Networks.Models;

namespace Denoise.Networks.Tests.Simd;

public sealed unsafe class GateKernelTests
{
    private delegate void Activate(float* x, float* y, float* linear, float* constant, float s, float shift, int count);

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
    public void Activations_equal_their_formulas_for_every_count(int width)
    {
        Activate activate = width == 256 ? GateKernel.Activate<Simd256, Vector256<float>> : GateKernel.Activate<Simd512, Vector512<float>>;
        float* x = stackalloc float[64], y = stackalloc float[64], linear = stackalloc float[64], constant = stackalloc float[64];
        float[] extremes = [0, -0f, 1e-20f, 100, -100, 1e30f, -1e30f];
        var random = new Random(3);
        for (int count = 1; count <= 40; count++)
        {
            for (int u = 0; u < 64; u++)
                (x[u], y[u]) = (u < extremes.Length ? extremes[u] : (float)(20 * random.NextDouble() - 10), float.NaN);

            Set(linear, constant, (float)Activations.SiLU, 0);
            activate(x, y, linear, constant, 1, 0, count);
            Check(x, y, count, v => Activations.SiLU * v / (1 + Math.Exp(-v)));

            Set(linear, constant, 0, (float)Activations.Sigmoid);
            activate(x, y, linear, constant, 1, 0, count);
            Check(x, y, count, v => Activations.Sigmoid / (1 + Math.Exp(-v)));

            Set(linear, constant, 0, (float)(2 * Activations.Tanh));
            activate(x, y, linear, constant, 2, -(float)Activations.Tanh, count);
            Check(x, y, count, v => Activations.Tanh * Math.Tanh(v));
        }
    }

    private static void Set(float* linear, float* constant, float a, float b)
    {
        new Span<float>(linear, 64).Fill(a);
        new Span<float>(constant, 64).Fill(b);
    }

    private static void Check(float* x, float* y, int count, Func<double, double> formula)
    {
        for (int u = 0; u < count; u++)
        {
            double expected = formula(x[u]);
            Assert.InRange(Math.Abs(y[u] - expected) / Math.Max(1, Math.Abs(expected)), 0, 1e-6);
        }
    }
}
