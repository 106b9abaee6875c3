using Denoise.Devices;
using Denoise.Devices.Arguments;
using Denoise.Neighbors.Cells;

namespace Denoise.Neighbors.Device;

/// <summary>
/// Builds full neighbor lists in a device's memory: exactly the pairs with |r_j - r_i|^2 &lt; cutoff^2 in double precision, as
/// <see cref="NeighborListBuilder"/> does.
/// </summary>
/// <param name="device">borrowed</param>
public sealed class DeviceNeighborList(Denoise.Devices.Device device) : IDisposable
{
    private readonly Kernel _kernel = device.Load("list");
    private readonly DeviceCells _cells = new(device);
    private readonly DeviceMemory<int> _largest = new(device);

    /// <summary>[owned, <see cref="Stride"/>]</summary>
    public DeviceMemory<int> List { get; } = new(device);

    /// <summary>[owned] neighbors of every atom.</summary>
    public DeviceMemory<int> Lengths { get; } = new(device);

    /// <summary>Room in a row.</summary>
    public int Stride { get; private set; } = 16;

    /// <summary>Most neighbors of any atom.</summary>
    public int LargestRow { get; private set; }

    public long MemoryBytes => _cells.MemoryBytes + List.CapacityBytes + Lengths.CapacityBytes;

    /// <summary>Lists the neighbors of every owned atom.</summary>
    /// <param name="positions">[atoms, 3] Å</param>
    /// <param name="local">owned atoms, which are the first ones</param>
    /// <param name="bounds">of all finite coordinates</param>
    /// <param name="cutoff">Å</param>
    public void Build(DeviceMemory<double> positions, int local, Bounds bounds, double cutoff)
    {
        LargestRow = 0;
        Lengths.Resize(local);
        if (local == 0)
            return;
        _cells.Sort(positions, local, bounds, cutoff);
        Lengths.Clear();
        _largest.Resize(1);
        SearchArguments arguments = _cells.Search(cutoff, cutoff);
        Span<int> largest = stackalloc int[1];
        while (true)
        {
            List.Resize((long)local * Stride);
            _largest.Clear();
            device.Launch(_kernel, positions.Length / 3, arguments with { Stride = Stride }, positions.View, _cells.Starts.View,
                _cells.Sites.View, List.View, Lengths.View, _largest.View);
            _largest.Read(largest);
            LargestRow = largest[0];
            if (LargestRow <= Stride)
                return;
            Stride = (LargestRow + 3) & ~3;
        }
    }

    public void Dispose()
    {
        _cells.Dispose();
        _largest.Dispose();
        List.Dispose();
        Lengths.Dispose();
    }
}
