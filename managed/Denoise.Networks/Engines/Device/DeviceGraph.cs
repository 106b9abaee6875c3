using Denoise.Devices;

namespace Denoise.Networks.Engines.Device;

/// <summary>Atoms and their neighbors in a device's memory: what a <see cref="DeviceNetwork"/> reads.</summary>
/// <param name="device">borrowed</param>
/// <param name="positions">where positions are already, borrowed; null: an array of its own</param>
/// <param name="list">where neighbors are already, likewise</param>
/// <param name="lengths">where the lengths of their rows are already, likewise</param>
public sealed class DeviceGraph(Denoise.Devices.Device device, DeviceMemory<double>? positions = null, DeviceMemory<int>? list = null,
    DeviceMemory<int>? lengths = null) : IDisposable
{
    private readonly DeviceMemory<double> _positions = positions ?? new(device);
    private readonly DeviceMemory<int> _list = list ?? new(device);
    private readonly DeviceMemory<int> _lengths = lengths ?? new(device);

    /// <summary>Owned atoms.</summary>
    public int LocalCount { get; set; }

    /// <summary>Owned atoms and ghosts.</summary>
    public int Count { get; set; }

    /// <summary>Atoms of <see cref="Active"/>; null: all are evaluated.</summary>
    public int? ActiveCount { get; set; }

    /// <summary>Owned atoms that are evaluated.</summary>
    public int Evaluated => ActiveCount ?? LocalCount;

    /// <summary>Most neighbors of an atom in the list.</summary>
    public int LargestRow { get; set; }

    /// <summary>From one row of the list to the next; 0: see <see cref="Starts"/>.</summary>
    public int ListStride { get; set; }

    /// <summary>Whether all ghosts are images of owned atoms: <see cref="Owners"/>.</summary>
    public bool HasOwners { get; set; }

    /// <summary>[Count, 3] model Å.</summary>
    public DeviceMemory<double> Positions => _positions;

    /// <summary>[Count]</summary>
    public DeviceMemory<int> Species { get; } = new(device);

    /// <summary>[ActiveCount] the owned atoms that are evaluated; empty: all.</summary>
    public DeviceMemory<int> Active { get; } = new(device);

    /// <summary>[ghosts]</summary>
    public DeviceMemory<int> Owners { get; } = new(device);

    /// <summary>Rows of neighbors.</summary>
    public DeviceMemory<int> List => _list;

    /// <summary>[LocalCount] where rows begin.</summary>
    public DeviceMemory<long> Starts { get; } = new(device);

    /// <summary>[LocalCount] neighbors of every atom.</summary>
    public DeviceMemory<int> Lengths => _lengths;

    /// <summary>Bytes held in the device's memory, those of borrowed arrays not included.</summary>
    public long MemoryBytes => Species.CapacityBytes + Active.CapacityBytes + Owners.CapacityBytes + Starts.CapacityBytes +
        (positions is null ? _positions.CapacityBytes : 0) + (list is null ? _list.CapacityBytes : 0) +
        (lengths is null ? _lengths.CapacityBytes : 0);

    public void Dispose()
    {
        if (positions is null)
            _positions.Dispose();
        if (list is null)
            _list.Dispose();
        if (lengths is null)
            _lengths.Dispose();
        Species.Dispose();
        Active.Dispose();
        Owners.Dispose();
        Starts.Dispose();
    }
}
