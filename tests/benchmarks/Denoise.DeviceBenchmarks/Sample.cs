using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Devices;
using Denoise.Neighbors;
using Denoise.Neighbors.Cells;

namespace Denoise.DeviceBenchmarks;

/// <summary>A crystal with its images, on the host and on the device.</summary>
internal sealed unsafe class Sample : IDisposable
{
    public Sample(Device device, WorkerPool pool, string structure, double lattice, int atoms, double noise, double range)
    {
        (Box box, double[] positions) = Crystal.Create(structure, lattice, atoms, noise);
        Shell = new(pool);
        fixed (double* pointer = positions)
            Shell.Build(pointer, positions.Length / 3, box, range);
        OnDevice = new(device);
        OnDevice.Resize(Shell.Positions.Length);
        OnDevice.Write(Shell.Positions.Pointer, Shell.Positions.Length);
        Bounds = Bounds.Of(Shell.Positions.Pointer, 0, Shell.LocalCount + Shell.GhostCount);
    }

    public GhostShell Shell { get; }

    public DeviceMemory<double> OnDevice { get; }

    public Bounds Bounds { get; }

    public void Dispose()
    {
        Shell.Dispose();
        OnDevice.Dispose();
    }
}
