namespace Denoise.Devices;

/// <summary>An array that a kernel sees: elements of a device memory from a first one on.</summary>
/// <param name="Handle">of the driver</param>
/// <param name="First">element</param>
/// <param name="Length">elements</param>
/// <param name="ElementSize">bytes</param>
public readonly record struct DeviceView(nint Handle, long First, long Length, int ElementSize);
