namespace Denoise.Devices;

/// <summary>A device has too little memory left.</summary>
public sealed class DeviceMemoryException(string message, long wanted, long free) : DeviceException(message)
{
    /// <summary>Bytes that were asked for.</summary>
    public long Wanted { get; } = wanted;

    /// <summary>Bytes that were free; -1: the driver does not tell.</summary>
    public long Free { get; } = free;
}
