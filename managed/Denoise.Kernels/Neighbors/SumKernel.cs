using Denoise.Devices.Arguments;
using ILGPU;

namespace Denoise.Kernels.Neighbors;

/// <summary>Sums of runs: what one level of a running sum hands to the one above it. One thread per run.</summary>
public static class SumKernel
{
    public static void Run(ScanArguments s, ArrayView<int> values)
    {
        int run = Grid.IdxX * Group.DimX + Group.IdxX, begin = run * s.Run;
        if (begin >= s.Length)
            return;
        int end = IntrinsicMath.Min(begin + s.Run, s.Length), sum = 0;
        for (int k = begin; k < end; k++)
            sum += values[s.First + k];
        values[s.Above + run] = sum;
    }
}
