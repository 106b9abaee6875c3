using Denoise.Devices;
using Denoise.Neighbors;
using Denoise.Neighbors.Cells;

namespace Denoise.Structure.Device;

/// <summary>Common neighbor analysis on a device behind the interface of all identifiers: positions go there, labels come back.</summary>
public sealed unsafe class DeviceIdentifier : IStructureIdentifier
{
    private readonly Denoise.Devices.Device _device;
    private readonly DeviceAdaptiveAnalysis? _adaptive;
    private readonly DeviceCommonNeighborAnalysis? _fixed;
    private readonly DeviceMemory<double> _positions;
    private readonly DeviceMemory<int> _types;

    /// <param name="device">borrowed, for one thread at a time</param>
    /// <param name="cutoff">Å, for all atoms; null: each atom's own, <see cref="AdaptiveCommonNeighborAnalysis"/></param>
    /// <exception cref="DeviceException">the device does not take the kernels</exception>
    public DeviceIdentifier(Denoise.Devices.Device device, double? cutoff)
    {
        using DeviceScope scope = device.Enter();
        (_device, _positions, _types) = (device, new(device), new(device));
        if (cutoff is { } given)
            _fixed = new(device, given);
        else
            _adaptive = new(device);
    }

    /// <summary>Native memory of the host.</summary>
    public long MemoryBytes => 0;

    /// <exception cref="DeviceException">the device fails, or its memory is too small</exception>
    public void Identify(ParticleView particles, double range, int* types)
    {
        if (particles.LocalCount == 0)
            return;
        using DeviceScope scope = _device.Enter();
        _positions.Resize(3L * particles.Count);
        _positions.Write(particles.Positions, 3L * particles.Count);
        Bounds bounds = Bounds.Of(particles.Positions, 0, particles.Count);
        _adaptive?.Identify(_positions, particles.LocalCount, bounds, range, _types);
        _fixed?.Identify(_positions, particles.LocalCount, bounds, _types);
        _types.Read(types, particles.LocalCount);
    }

    public void Dispose()
    {
        using DeviceScope scope = _device.Enter();
        _adaptive?.Dispose();
        _fixed?.Dispose();
        _positions.Dispose();
        _types.Dispose();
    }
}
