namespace Denoise.TestSupport;

/// <summary>A test on a device: skipped where there is none that the kernels run on.</summary>
public sealed class DeviceFactAttribute : FactAttribute
{
    public DeviceFactAttribute() => Skip = TestDevice.Problem;
}
