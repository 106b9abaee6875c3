using Denoise.Networks.Engines;
using Denoise.Networks.Engines.Device;
using Denoise.Networks.Models;
using Denoise.Networks.Tests.Engines;
using Denoise.TestSupport;

namespace Denoise.Networks.Tests.Device;

public sealed class DeviceEngineTests : EngineTests, IDisposable
{
    private readonly List<Denoise.Devices.Device> _devices = [];

    protected override IEngine Create(NequipModel model)
    {
        // A device each: some tests use engines on several threads.
        Denoise.Devices.Device device = TestDevice.Open();
        lock (_devices)
            _devices.Add(device);
        return new DeviceEngine(device, model);
    }

    public void Dispose()
    {
        foreach (Denoise.Devices.Device device in _devices)
            device.Dispose();
    }
}
