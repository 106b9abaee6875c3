using Denoise.Devices.Cuda;
using Denoise.Devices.OpenCl;

namespace Denoise.Devices;

/// <summary>The devices of this machine.</summary>
/// <param name="Devices">NVIDIA cards first</param>
/// <param name="Problems">what of a driver is missing, one sentence each</param>
public sealed record DeviceList(IReadOnlyList<DeviceInfo> Devices, IReadOnlyList<string> Problems)
{
    /// <summary>Number of the NVIDIA card on which the host program computes in this thread; null: on none.</summary>
    public int? CardOfHost { get; init; }

    /// <summary>Asks the drivers; nothing is opened but they.</summary>
    public static DeviceList Find()
    {
        IReadOnlyList<DeviceInfo> cuda = CudaDevice.All(out string cudaProblem), openCl = OpenClDevice.All(out string openClProblem);
        return new([.. cuda, .. openCl], [.. new[] { cudaProblem, openClProblem }.Where(problem => problem.Length > 0)])
        {
            CardOfHost = CudaDevice.OfHost(),
        };
    }

    /// <summary>Opens a device.</summary>
    /// <exception cref="DeviceException">it cannot be used</exception>
    public static Device Open(DeviceInfo info) =>
        info.Problem is not null ? throw new DeviceException($"{info.Id} ({info.Name}) cannot be used: {info.Problem}.")
        : info.Kind == DeviceKind.Cuda ? new CudaDevice(info) : new OpenClDevice(info);
}
