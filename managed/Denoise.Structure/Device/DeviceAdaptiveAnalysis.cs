using Denoise.Atoms;
using Denoise.Devices;
using Denoise.Devices.Arguments;
using Denoise.Neighbors.Cells;
using Denoise.Neighbors.Device;

namespace Denoise.Structure.Device;

/// <summary>
/// <see cref="AdaptiveCommonNeighborAnalysis"/> on a device, with the same labels: single precision names most atoms, double precision
/// those whose label depends on less than it resolves.
/// </summary>
/// <param name="device">borrowed</param>
public sealed class DeviceAdaptiveAnalysis(Denoise.Devices.Device device) : IDisposable
{
    // Of the mean spacing (V/N)^(1/3): the 14 nearest of bcc lie within 1.26, the 18 of fcc's two shells within 1.59.
    private const double SearchRadius = 1.5;

    private readonly Kernel _fast = device.Load("adaptive");
    private readonly Kernel _exact = device.Load("exact-adaptive");
    private readonly DeviceCells _cells = new(device);
    private readonly DeviceMemory<int> _undecided = new(device);

    public long MemoryBytes => _cells.MemoryBytes + _undecided.CapacityBytes;

    /// <summary>Identifies every owned atom.</summary>
    /// <param name="positions">[atoms, 3] Å</param>
    /// <param name="local">owned atoms, which are the first ones</param>
    /// <param name="bounds">of all finite coordinates</param>
    /// <param name="range">Å; atoms at this distance or further are absent; may be infinite</param>
    /// <param name="types">[owned] receives the structures, resized; 0 where a coordinate is not finite</param>
    public void Identify(DeviceMemory<double> positions, int local, Bounds bounds, double range, DeviceMemory<int> types)
    {
        types.Resize(local);
        if (local == 0)
            return;
        types.Clear();
        int atoms = (int)(positions.Length / 3);
        Vec3 size = bounds.OrZero().Max - bounds.OrZero().Min;
        double volume = Math.Max(size.X, 1e-3) * Math.Max(size.Y, 1e-3) * Math.Max(size.Z, 1e-3);
        double radius = Math.Min(SearchRadius * Math.Cbrt(volume / atoms), range);
        _cells.Sort(positions, local, bounds, radius);
        _undecided.Resize(1L + local);
        _undecided.Clear();
        SearchArguments arguments = _cells.Search(radius, range) with { IsFinal = radius == range ? 1 : 0 };
        device.Launch(_fast, atoms, arguments, _cells.Starts.View, _cells.Sites.View, types.View, _undecided.View);
        device.Launch(_exact, Math.Min(local, device.ThreadsWanted), arguments, positions.View, _cells.Starts.View, _cells.Sites.View,
            _undecided.View, types.View);
    }

    /// <summary>Atoms of the last call that needed double precision; waits for it.</summary>
    public int LeftOver()
    {
        Span<int> count = stackalloc int[1];
        _undecided.Read(count);
        return count[0];
    }

    public void Dispose()
    {
        _cells.Dispose();
        _undecided.Dispose();
    }
}
