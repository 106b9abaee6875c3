using Denoise.Devices.Arguments;
using ILGPU;

namespace Denoise.Kernels.Measures;

/// <summary>Eight chains of multiply-adds per thread, Count turns of 4 each: what the arithmetic can do.</summary>
public static class MultiplyAddKernel
{
    public static void Run(AtomArguments s, ArrayView<float> values)
    {
        int thread = Grid.IdxX * Group.DimX + Group.IdxX;
        float x = values[0], y = values[1];
        float a = thread, b = a + 1, c = a + 2, d = a + 3, e = a + 4, f = a + 5, g = a + 6, h = a + 7;
        for (int k = 0; k < s.Count; k++)
        {
            a = a * x + y; b = b * x + y; c = c * x + y; d = d * x + y; e = e * x + y; f = f * x + y; g = g * x + y; h = h * x + y;
            a = a * x + y; b = b * x + y; c = c * x + y; d = d * x + y; e = e * x + y; f = f * x + y; g = g * x + y; h = h * x + y;
            a = a * x + y; b = b * x + y; c = c * x + y; d = d * x + y; e = e * x + y; f = f * x + y; g = g * x + y; h = h * x + y;
            a = a * x + y; b = b * x + y; c = c * x + y; d = d * x + y; e = e * x + y; f = f * x + y; g = g * x + y; h = h * x + y;
        }

        values[2 + thread % s.Atoms] = a + b + c + d + e + f + g + h;
    }
}
