using Denoise.Devices;

namespace Denoise.TestSupport;

/// <summary>The device of the tests: the first that can be used, on a machine without a card PoCL (Debian's pocl-opencl-icd).</summary>
public static class TestDevice
{
    private static readonly DeviceInfo? Info = DeviceList.Find().Devices.FirstOrDefault(device => device.Problem is null);

    /// <summary>Why there is none; null: there is one.</summary>
    public static string? Problem => Info is null ? "there is no device; Debian's pocl-opencl-icd makes one of the processor" : null;

    /// <summary>Opens it; to be disposed.</summary>
    public static Device Open() => DeviceList.Open(Info ?? throw new InvalidOperationException(Problem));
}
