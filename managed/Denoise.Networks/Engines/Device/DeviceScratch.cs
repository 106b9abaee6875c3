using System.Numerics;
using Denoise.Devices;

namespace Denoise.Networks.Engines.Device;

/// <summary>What is kept of a chunk of atoms while it goes through a layer; chunks are short, so that this stays in fast memory.</summary>
/// <param name="device">borrowed</param>
internal sealed class DeviceScratch(Denoise.Devices.Device device) : IDisposable
{
    /// <summary>[atoms, edge stride] direction and place in the radial table.</summary>
    public DeviceMemory<Vector4> Edges { get; } = new(device);

    /// <summary>[atoms, edge stride] rows of the senders' features.</summary>
    public DeviceMemory<int> Sources { get; } = new(device);

    /// <summary>[atoms] edges.</summary>
    public DeviceMemory<int> Counts { get; } = new(device);

    /// <summary>[atoms, sums] of the messages.</summary>
    public DeviceMemory<float> Sums { get; } = new(device);

    /// <summary>[atoms] alpha.</summary>
    public DeviceMemory<float> Factors { get; } = new(device);

    /// <summary>[atoms, pre-gate] what enters the gate; after the last layer the readout.</summary>
    public DeviceMemory<float> PreGate { get; } = new(device);

    public long MemoryBytes => Edges.CapacityBytes + Sources.CapacityBytes + Counts.CapacityBytes + Sums.CapacityBytes +
        Factors.CapacityBytes + PreGate.CapacityBytes;

    public void Resize(int atoms, int edgeStride, int sums, int preGate)
    {
        Edges.Resize((long)atoms * edgeStride);
        Sources.Resize((long)atoms * edgeStride);
        Counts.Resize(atoms);
        Sums.Resize((long)atoms * sums);
        Factors.Resize(atoms);
        PreGate.Resize((long)atoms * preGate);
    }

    public void Dispose()
    {
        Edges.Dispose();
        Sources.Dispose();
        Counts.Dispose();
        Sums.Dispose();
        Factors.Dispose();
        PreGate.Dispose();
    }
}
