namespace Denoise.Devices;

/// <summary>A device that a driver shows.</summary>
/// <param name="Kind">its driver</param>
/// <param name="Index">number among those of its driver, in the driver's order (CUDA: after CUDA_VISIBLE_DEVICES)</param>
/// <param name="Name">as the driver has it</param>
/// <param name="MemoryBytes">of the device</param>
/// <param name="Version">compute capability, or the version of OpenCL</param>
/// <param name="Problem">why it cannot be used; null: it can</param>
public sealed record DeviceInfo(DeviceKind Kind, int Index, string Name, long MemoryBytes, string Version, string? Problem)
{
    /// <summary>How a user names it: <c>gpu:0</c>, <c>opencl:0</c>.</summary>
    public string Id => $"{(Kind == DeviceKind.Cuda ? "gpu" : "opencl")}:{Index}";

    /// <summary>Whether it is the processor itself, behind an OpenCL driver: its memory is the machine's.</summary>
    public bool IsProcessor { get; init; }

    /// <summary>Bytes of the largest array that it can hold.</summary>
    public long LargestArray { get; init; } = long.MaxValue;
}
