using Denoise.Devices;
using Denoise.Neighbors;
using Denoise.Neighbors.Cells;
using Denoise.Structure.Device;
using Denoise.TestSupport;

namespace Denoise.Structure.Tests;

/// <summary>The labels of a device are those of the reference, on whatever lattice.</summary>
public sealed unsafe class DeviceAdaptiveAnalysisTests
{
    [DeviceFact]
    public void Perfect_and_hot_crystals_equal_the_reference()
    {
        using Denoise.Devices.Device device = TestDevice.Open();
        using var analysis = new DeviceAdaptiveAnalysis(device);
        foreach (string name in (string[])["fcc", "hcp", "bcc", "sc", "diamond"])
            foreach (double noise in (double[])[0, 1e-9, 0.02, 0.06, 0.12])
                foreach (double range in (double[])[7, 1.3])
                {
                    Lattice lattice = Lattice.Named(name, 3).Rattled(noise, 3);
                    using GhostShell shell = Identified.Shell(lattice, range);
                    Check(device, analysis, shell.View, range, $"{name}, noise {noise}, range {range}");
                }
    }

    [DeviceFact]
    public void Gases_and_clusters_equal_the_reference()
    {
        using Denoise.Devices.Device device = TestDevice.Open();
        using var analysis = new DeviceAdaptiveAnalysis(device);
        for (int seed = 1; seed <= 5; seed++)
            foreach (int count in (int[])[0, 1, 2, 12, 13, 15, 16, 200])
            {
                var random = new Random(seed);
                double[] positions = [.. Enumerable.Range(0, 3 * count).Select(k => 6 * random.NextDouble() + (k / 3 % 50 == 7 ? 1e5 : 0))];
                fixed (double* r = positions)
                {
                    ParticleView view = new(r, count - count / 4, count / 4);
                    Check(device, analysis, view, double.PositiveInfinity, $"{count} atoms, seed {seed}");
                }
            }
    }

    private static void Check(Denoise.Devices.Device device, DeviceAdaptiveAnalysis analysis, ParticleView view, double range, string what)
    {
        using var positions = new DeviceMemory<double>(device);
        using var types = new DeviceMemory<int>(device);
        positions.Resize(3L * view.Count);
        positions.Write(view.Positions, 3L * view.Count);
        int[] found = new int[view.LocalCount];
        analysis.Identify(positions, view.LocalCount, Bounds.Of(view.Positions, 0, view.Count), range, types);
        types.Read(found);
        Identified.AssertEqual(Identified.ReferenceTypes(view, range), found, what);
    }
}
