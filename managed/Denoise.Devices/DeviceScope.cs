namespace Denoise.Devices;

/// <summary>While it lasts a device is that of its thread: <see cref="Device.Enter"/>.</summary>
public readonly ref struct DeviceScope
{
    private readonly Device _device;
    private readonly nint _before;

    internal DeviceScope(Device device, nint before) => (_device, _before) = (device, before);

    public void Dispose() => _device.Leave(_before);
}
