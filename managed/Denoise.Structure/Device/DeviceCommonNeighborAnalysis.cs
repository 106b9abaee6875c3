using Denoise.Devices;
using Denoise.Devices.Arguments;
using Denoise.Neighbors.Cells;
using Denoise.Neighbors.Device;

namespace Denoise.Structure.Device;

/// <summary><see cref="CommonNeighborAnalysis"/>, with one cutoff for all atoms, on a device; the same labels.</summary>
/// <param name="device">borrowed</param>
/// <param name="cutoff">Å</param>
public sealed class DeviceCommonNeighborAnalysis(Denoise.Devices.Device device, double cutoff) : IDisposable
{
    private readonly Kernel _kernel = device.Load("fixed");
    private readonly DeviceNeighborList _list = new(device);

    public long MemoryBytes => _list.MemoryBytes;

    /// <summary>Identifies every owned atom.</summary>
    /// <param name="positions">[atoms, 3] Å, with all neighbors within the cutoff</param>
    /// <param name="local">owned atoms, which are the first ones</param>
    /// <param name="bounds">of all coordinates that are numbers</param>
    /// <param name="types">[owned] receives the structures, resized</param>
    public void Identify(DeviceMemory<double> positions, int local, Bounds bounds, DeviceMemory<int> types)
    {
        types.Resize(local);
        _list.Build(positions, local, bounds, cutoff);
        SearchArguments arguments = new()
        {
            Grid = new() { Local = local },
            CutoffSquared = cutoff * cutoff,
            Stride = _list.Stride,
        };
        device.Launch(_kernel, local, arguments, positions.View, _list.List.View, _list.Lengths.View, types.View);
    }

    public void Dispose() => _list.Dispose();
}
