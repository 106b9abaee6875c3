namespace Denoise.Devices;

/// <summary>A kernel on a device; it lives as long as the device.</summary>
/// <param name="name">of the kernel</param>
/// <param name="handle">of the driver</param>
public sealed class Kernel(string name, nint handle)
{
    public string Name { get; } = name;

    internal nint Handle { get; } = handle;
}
