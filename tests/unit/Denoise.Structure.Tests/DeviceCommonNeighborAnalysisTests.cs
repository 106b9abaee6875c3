using Denoise.Devices;
using Denoise.Neighbors;
using Denoise.Neighbors.Cells;
using Denoise.Structure.Device;
using Denoise.Structure.Reference;
using Denoise.TestSupport;

namespace Denoise.Structure.Tests;

/// <summary>The labels of a device are those of the reference, at any cutoff.</summary>
public sealed unsafe class DeviceCommonNeighborAnalysisTests
{
    [DeviceFact]
    public void Crystals_equal_the_reference()
    {
        using Denoise.Devices.Device device = TestDevice.Open();
        foreach ((string name, double cutoff) in ((string, double)[])[("fcc", 3.07), ("hcp", 3.0), ("bcc", 3.46), ("sc", 3.0), ("fcc", 1.0)])
            foreach (double noise in (double[])[0, 0.05, 0.12])
            {
                using GhostShell shell = Identified.Shell(Lattice.Named(name, 4).Rattled(noise, 9), cutoff);
                ParticleView view = shell.View;
                using var analysis = new DeviceCommonNeighborAnalysis(device, cutoff);
                using var positions = new DeviceMemory<double>(device);
                using var types = new DeviceMemory<int>(device);
                positions.Resize(3L * view.Count);
                positions.Write(view.Positions, 3L * view.Count);
                analysis.Identify(positions, view.LocalCount, Bounds.Of(view.Positions, 0, view.Count), types);
                int[] found = new int[view.LocalCount];
                types.Read(found);
                int[] expected = [.. Enumerable.Range(0, found.Length).Select(i => (int)ReferenceCommonNeighbors.Fixed(view, i, cutoff))];
                Identified.AssertEqual(expected, found, $"{name}, noise {noise}, cutoff {cutoff}");
            }
    }
}
