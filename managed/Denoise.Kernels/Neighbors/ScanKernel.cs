using Denoise.Devices.Arguments;
using ILGPU;

namespace Denoise.Kernels.Neighbors;

/// <summary>
/// Turns a level into running sums, each value's own included, from those of the level above. One thread per run. (Sums without a value's
/// own would have to be stored where the value was read: the compiler moves such a read behind the store.)
/// </summary>
public static class ScanKernel
{
    public static void Run(ScanArguments s, ArrayView<int> values)
    {
        int run = Grid.IdxX * Group.DimX + Group.IdxX, begin = run * s.Run;
        if (begin >= s.Length)
            return;
        int end = IntrinsicMath.Min(begin + s.Run, s.Length), sum = 0;
        if (s.Above >= 0 && run > 0)
            sum = values[s.Above + run - 1];
        for (int k = begin; k < end; k++)
        {
            sum += values[s.First + k];
            values[s.First + k] = sum;
        }
    }
}
