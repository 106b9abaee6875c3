using Denoise.Devices.Arguments;
using Denoise.Kernels.Numbers;
using ILGPU;

namespace Denoise.Kernels.Measures;

/// <summary>Copies, sixteen bytes per thread: what the memory can do.</summary>
public static class CopyKernel
{
    public static void Run(AtomArguments s, ArrayView<Float4> source, ArrayView<Float4> target)
    {
        int thread = Grid.IdxX * Group.DimX + Group.IdxX;
        if (thread < s.Atoms)
            target[thread] = source[thread];
    }
}
