using Denoise.Devices;

namespace Denoise.TestSupport;

/// <summary>The device of the tests: the first that can be used, on a machine without a card PoCL (Debian's pocl-opencl-icd).</summary>
public static class TestDevice
{
    private static readonly DeviceInfo? First = DeviceList.Find().Devices.FirstOrDefault(device => device.Problem is null);

    /// <summary>Why there is none; null: there is one.</summary>
    public static string? Problem => First is null ? "there is no device; Debian's pocl-opencl-icd makes one of the processor" : null;

    public static DeviceInfo Info => First ?? throw new InvalidOperationException(Problem);

    /// <summary>Opens it; to be disposed.</summary>
    public static Device Open() => DeviceList.Open(Info);

    /// <summary>What a user writes for it.</summary>
    public static DeviceChoice Choice => DeviceChoice.TryParse(Info.Id, out DeviceChoice choice) ? choice : throw new InvalidOperationException(Info.Id);

    /// <summary>A machine on which it is the only card, which can hold no array of more bytes.</summary>
    public static DeviceList AsCard(long largestArray = long.MaxValue) =>
        new([Info with { IsProcessor = false, LargestArray = Math.Min(Info.LargestArray, largestArray) }], []);
}
