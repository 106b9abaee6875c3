using Denoise.Atoms;
using Denoise.TestSupport;

namespace Denoise.Trajectories.Tests;

/// <summary>Files that LAMMPS wrote of one and the same instant (data/lammps/README.md): every convention gives the same atoms.</summary>
public class LammpsOutputTests
{
    private static readonly Box Box = new(new(6, 0, 0), new(1.5, 6, 0), new(-1, 0.75, 3.0011), new(-1, -2, 0.99945), true, true, false);

    // By id.
    private static readonly Dictionary<long, Vec3> Wrapped = new()
    {
        [1] = new(0.5, 0.5, 2),
        [2] = new(-0.5, -1, 1),
        [3] = new(3, 3, 4),
    };

    private static readonly Dictionary<long, Vec3> Unwrapped = new()
    {
        [1] = new(0.5, 0.5, 2),
        [2] = new(2.5, -13, 1),
        [3] = new(4.5, 9, 4),
    };

    private static Snapshot Read(string name)
    {
        string path = Path.Combine(SharedReference.RepositoryRoot, "tests", "unit", "Denoise.Trajectories.Tests", "data", "lammps", name);
        return Assert.Single(Files.ReadAll(TrajectoryReader.Open(path)));
    }

    [Theory]
    [InlineData("tri-x.dump", false, 1e-12)]
    [InlineData("tri-xs.dump", false, 1e-12)]
    [InlineData("tri-xu.dump", true, 1e-12)]
    [InlineData("tri-xsu.dump", true, 1e-12)]
    // Six digits are what LAMMPS writes unless told otherwise.
    [InlineData("tri-xu.dump.gz", true, 1e-5)]
    [InlineData("tri.data", false, 1e-12)]
    [InlineData("tri-custom-2021.bin", false, 1e-12)]
    [InlineData("tri-custom-2025.bin", false, 1e-12)]
    [InlineData("tri-atom-2021.bin", false, 1e-12)]
    [InlineData("tri-atom-2025.bin", false, 1e-12)]
    public void Positions_and_box(string name, bool unwrapped, double tolerance)
    {
        Snapshot frame = Read(name);
        Assert.Equal(unwrapped, frame.Unwrapped);
        Box expected = name == "tri.data" ? Box with { PeriodicC = true } : Box;
        for (int axis = 0; axis < 3; axis++)
            Assert.Equal(expected.IsPeriodic(axis), frame.Box.IsPeriodic(axis));
        Tolerance.AssertClose(Flat(expected), Flat(frame.Box), 1e-14, "box");
        for (int i = 0; i < 3; i++)
        {
            Vec3 r = (unwrapped ? Unwrapped : Wrapped)[frame.Ids[i]];
            Tolerance.AssertClose([r.X, r.Y, r.Z], frame.Positions.AsSpan(3 * i, 3), tolerance, $"{name}, atom {frame.Ids[i]}");
            Assert.Equal(frame.Ids[i] == 2 ? 2 : 1, frame.Types[i]);
        }
    }

    [Fact]
    public void Everything_else_that_LAMMPS_says()
    {
        Snapshot x = Read("tri-x.dump");
        Assert.Equal("metal", x.Units);
        Assert.Equal(0, x.Time);
        Assert.Equal(["0", "0.5", "0"], x.Columns["q"]);
        Assert.Equal((string?[])["Cu", "Zr"], Read("tri-xs.dump").Elements);

        Snapshot data = Read("tri.data");
        Assert.Equal((string?[])["Cu", "Zr"], data.Elements);
        Assert.Equal([2, 1, 3], data.Ids);
        Assert.Equal(["1", "0", "0"], data.Columns["ix"]);
        Assert.Equal(["-2", "0", "1"], data.Columns["iy"]);
        Assert.Equal("0.48789712696298726", data.Columns["vy"][0]);
    }

    [Theory]
    [InlineData("2021")]
    [InlineData("2025")]
    public void Everything_else_of_binary_dumps(string version)
    {
        Snapshot custom = Read($"tri-custom-{version}.bin"), atom = Read($"tri-atom-{version}.bin"), text = Read("tri-x.dump");
        Assert.Equal("metal", custom.Units);
        Assert.Equal(0, custom.Time);
        Assert.Equal(text.Ids.Zip(text.Columns["q"]).Order(), custom.Ids.Zip(custom.Columns["q"]).Order());
        Assert.Equal(["ix", "iy", "iz"], atom.Columns.Keys);
        Assert.Equal("-2", atom.Columns["iy"][Array.IndexOf(atom.Ids, 2)]);
    }

    private static double[] Flat(Box box) =>
    [
        box.A.X, box.A.Y, box.A.Z, box.B.X, box.B.Y, box.B.Z, box.C.X, box.C.Y, box.C.Z, box.Origin.X, box.Origin.Y, box.Origin.Z,
    ];
}
