using Denoise.Atoms;
using Denoise.Devices;
using Denoise.Neighbors.Cells;
using Denoise.Neighbors.Device;
using Denoise.Neighbors.Reference;
using Denoise.TestSupport;

namespace Denoise.Neighbors.Tests;

/// <summary>The lists of a device are those of all pairs in double precision.</summary>
public sealed unsafe class DeviceNeighborListTests
{
    [DeviceFact]
    public void Lists_equal_all_pairs()
    {
        using Denoise.Devices.Device device = TestDevice.Open();
        using var list = new DeviceNeighborList(device);
        foreach (string name in TestBoxes.All().Select(row => (string)row[0]).Distinct())
        {
            Box box = TestBoxes.Named(name);
            Vec3[] atoms = TestBoxes.RandomAtoms(box, 4);
            using var shell = new GhostShell();
            fixed (double* r = TestBoxes.Flat(atoms))
                shell.Build(r, atoms.Length, box, 4.5);
            foreach (double cutoff in (double[])[0.3, 2.0, 4.5])
                Check(device, list, shell.View, cutoff, $"box {name}, cutoff {cutoff}");
        }
    }

    [DeviceFact]
    public void Lists_equal_all_pairs_in_strange_arrangements()
    {
        using Denoise.Devices.Device device = TestDevice.Open();
        using var list = new DeviceNeighborList(device);
        var random = new Random(5);
        foreach (int count in (int[])[0, 1, 2, 7, 129, 500])
        {
            Test("far from the origin", count, _ => new(1e7 + 20 * random.NextDouble(), -3e5 + 20 * random.NextDouble(), 5));
            Test("a line", count, _ => new(1, 200 * random.NextDouble(), -2));
            Test("two distant clusters", count, i => new((i & 1) * 1e9 + 9 * random.NextDouble(), 9 * random.NextDouble(), (i & 1) * 1e6));
            Test("a cluster and evaporated atoms", count, i => i % 50 == 7
                ? new(1e12 * random.NextDouble(), -1e12 * random.NextDouble(), 1e300)
                : new(9 * random.NextDouble(), 9 * random.NextDouble(), 9 * random.NextDouble()));
            Test("coordinates that are not finite", count, i => new(
                9 * random.NextDouble(), i % 9 == 4 ? double.NaN : 9 * random.NextDouble(),
                i % 11 == 5 ? double.PositiveInfinity : i % 13 == 6 ? double.NegativeInfinity : 9 * random.NextDouble()));
            Test("nothing finite", count, _ => new(double.NaN, double.NaN, double.PositiveInfinity));
            Test("a lattice", count, i => new(i % 10 * 1.5, i / 10 % 10 * 1.5, i / 100 * 1.5));
        }

        void Test(string what, int count, Func<int, Vec3> atom)
        {
            fixed (double* r = TestBoxes.Flat([.. Enumerable.Range(0, count).Select(atom)]))
                Check(device, list, new ParticleView(r, count - count / 4, count / 4), 3.0, $"{count} atoms: {what}");
        }
    }

    private static void Check(Denoise.Devices.Device device, DeviceNeighborList list, ParticleView view, double cutoff, string what)
    {
        using var positions = new DeviceMemory<double>(device);
        positions.Resize(3L * view.Count);
        positions.Write(view.Positions, 3L * view.Count);
        list.Build(positions, view.LocalCount, Bounds.Of(view.Positions, 0, view.Count), cutoff);
        int[] lengths = new int[view.LocalCount], rows = new int[(long)view.LocalCount * list.Stride];
        list.Lengths.Read(lengths);
        if (rows.Length > 0)
            list.List.Read(rows);
        for (int i = 0; i < lengths.Length; i++)
            Assert.True(ReferenceNeighbors.Within(view, i, cutoff).Select(n => n.Index)
                .SequenceEqual(rows.Skip(i * list.Stride).Take(lengths[i]).Order()), $"atom {i}: {what}");
    }
}
