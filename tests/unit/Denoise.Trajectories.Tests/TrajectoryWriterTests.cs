using Denoise.Atoms;
using Denoise.TestSupport;

namespace Denoise.Trajectories.Tests;

public class TrajectoryWriterTests
{
    private static Frame Sample(Box box, bool elements, Random random)
    {
        Frame frame = new() { Step = 42, Time = 0.125, Units = "metal", Box = box };
        frame.Resize(50);
        for (int i = 0; i < frame.Count; i++)
        {
            frame.Ids[i] = 5_000_000_000 - i;
            frame.Types[i] = i == 0 ? 1 : random.Next(1, 3);
            for (int axis = 0; axis < 3; axis++)
                frame.Positions[3L * i + axis] = (random.NextDouble() - 0.5) * 50;
        }

        if (elements)
            frame.Elements.AddRange(["Cu", "Zr"]);
        foreach (string name in (string[])["vx", "vy", "vz", "q", "c_stress[1]", "c_stress[2]"])
            foreach (ref double value in frame.SetColumn(name, ColumnKind.Real).Reals)
                value = random.NextDouble() - 0.5;
        foreach (ref long value in frame.SetColumn("mol", ColumnKind.Integer).Integers)
            value = random.Next(-3, 100);
        FrameColumn label = frame.SetColumn("label", ColumnKind.Text);
        foreach (ref long value in label.WordCodes)
            value = label.Words.Add($"w{random.Next(5)}");
        foreach (ref long value in frame.SetColumn(ColumnNames.StructureType, ColumnKind.Integer).Integers)
            value = random.Next(0, 5);
        return frame;
    }

    public static TheoryData<string, int, bool> Cases()
    {
        TheoryData<string, int, bool> cases = [];
        foreach (string name in (string[])["a.dump", "a.lammpstrj.gz", "a.dump.zst", "a.xyz", "a.EXTXYZ.GZ", "a.xyz.zst"])
            for (int box = 0; box < 4; box++)
                foreach (bool elements in (bool[])[false, true])
                    cases.Add(name, box, elements);
        return cases;
    }

    private static Frame OneAtom(double z)
    {
        Frame frame = new() { Step = 7, Box = Boxes[1] };
        frame.Resize(1);
        frame.NumberAtoms();
        frame.Types[0] = 1;
        frame.Elements.Add("Cu");
        (frame.Positions[0], frame.Positions[1], frame.Positions[2]) = (1.5, -2, z);
        return frame;
    }

    private static readonly Box[] Boxes =
    [
        new(new(10, 0, 0), new(0, 11, 0), new(0, 0, 12), new(-0.5, 0.25, 3), true, false, true),
        // Values whose sums are exact, so that the bounding box gives the corner back to the bit.
        new(new(10, 0, 0), new(3, 8, 0), new(-2, 1, 7), new(1, 2, 3), true, true, false),
        new(new(0, 4.1, 0.3), new(0, 0, 5.7), new(6.1, 0, 0), new(-1.1, -2.2, -3.3), false, true, true),
        new(new(4, 0, 0), new(0, 5, 0), new(0, 0, -6), default, true, true, true),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_written_reads_back_to_the_bit(string name, int box, bool elements)
    {
        using ScratchFolder scratch = new();
        using Frame frame = Sample(Boxes[box], elements, new Random(box));
        using (TrajectoryWriter writer = TrajectoryWriter.Create(scratch[name]))
        {
            writer.Write(frame);
            frame.Step++;
            writer.Write(frame);
            writer.Complete();
        }

        List<Snapshot> frames = Files.ReadAll(TrajectoryReader.Open(scratch[name]));
        Assert.Equal(2, frames.Count);
        Snapshot.AssertEqual(Snapshot.Of(frame), frames[1]);
        frame.Step--;
        Snapshot.AssertEqual(Snapshot.Of(frame), frames[0]);
        Assert.Single(Directory.GetFiles(scratch.Folder));
    }

    [Fact]
    public void Dump_text_is_what_LAMMPS_and_OVITO_expect()
    {
        using ScratchFolder scratch = new();
        using Frame frame = OneAtom(1e-7);
        frame.SetColumn(ColumnNames.StructureType, ColumnKind.Integer).Integers[0] = (long)StructureType.Hcp;
        frame.SetColumn("pe", ColumnKind.Real).Reals[0] = double.NaN;
        using (TrajectoryWriter writer = TrajectoryWriter.Create(scratch["a.dump"]))
        {
            writer.Write(frame);
            writer.Complete();
        }

        Assert.Equal("""
            ITEM: TIMESTEP
            7
            ITEM: NUMBER OF ATOMS
            1
            ITEM: BOX BOUNDS xy xz yz pp pp ff
            -1 14 3
            2 11 -2
            3 10 1
            ITEM: ATOMS id type element x y z StructureType pe
            1 1 Cu 1.5 -2 1E-07 2 nan

            """, File.ReadAllText(scratch["a.dump"]));
    }

    [Fact]
    public void Nothing_appears_before_the_file_is_complete_and_an_old_one_stays()
    {
        using ScratchFolder scratch = new();
        File.WriteAllText(scratch["a.dump"], "old");
        using Frame frame = Sample(Boxes[0], true, new Random(1));
        using (TrajectoryWriter writer = TrajectoryWriter.Create(scratch["a.dump"]))
        {
            writer.Write(frame);
            Assert.Equal("old", File.ReadAllText(scratch["a.dump"]));
        }

        Assert.Equal("old", File.ReadAllText(scratch["a.dump"]));
        Assert.Single(Directory.GetFiles(scratch.Folder));
    }

    [Theory]
    [InlineData("a.cfg", "'.cfg' is no output format")]
    [InlineData("a", "needs an extension")]
    [InlineData("a.gz", "needs an extension")]
    public void Unknown_extensions_are_refused_with_the_known_ones(string name, string message)
    {
        string text = Assert.Throws<InputException>(() => TrajectoryWriter.Create(name)).Message;
        Assert.Contains(message, text);
        Assert.Contains(".extxyz", text);
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        using ScratchFolder scratch = new();
        string path = Path.Combine(scratch.Folder, "none", "a.dump");
        string message = Assert.Throws<InputException>(() => TrajectoryWriter.Create(path)).Message;
        Assert.Equal($"{path}: the folder does not exist; create it first", message);
    }

    [Fact]
    public void What_cannot_get_its_name_is_reported_and_leaves_nothing()
    {
        using ScratchFolder scratch = new();
        Directory.CreateDirectory(scratch["a.dump"]);
        using Frame frame = Sample(Boxes[0], true, new Random(1));
        using (TrajectoryWriter writer = TrajectoryWriter.Create(scratch["a.dump"]))
        {
            writer.Write(frame);
            Assert.Contains("a.dump: cannot be written", Assert.Throws<InputException>(writer.Complete).Message);
        }

        Assert.Empty(Directory.GetFiles(scratch.Folder));
    }

    [Fact]
    public void Writing_after_the_end_is_refused()
    {
        using ScratchFolder scratch = new();
        using Frame frame = Sample(Boxes[0], true, new Random(1));
        TrajectoryWriter writer = TrajectoryWriter.Create(scratch["a.dump"]);
        writer.Complete();
        Assert.Throws<InvalidOperationException>(() => writer.Write(frame));
        writer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => writer.Write(frame));
    }

    [Fact]
    public void Types_that_share_an_element_survive_xyz()
    {
        using ScratchFolder scratch = new();
        using Frame frame = Sample(Boxes[0], false, new Random(1));
        frame.Elements.AddRange(["Cu", "Cu"]);
        using (TrajectoryWriter writer = TrajectoryWriter.Create(scratch["a.xyz"]))
        {
            writer.Write(frame);
            writer.Complete();
        }

        Snapshot.AssertEqual(Snapshot.Of(frame), Files.ReadAll(TrajectoryReader.Open(scratch["a.xyz"]))[0]);
    }

    [Fact]
    public void Xyz_text_is_what_OVITO_expects()
    {
        using ScratchFolder scratch = new();
        using Frame frame = OneAtom(3);
        foreach (string name in (string[])["vx", "vy", "vz", "d[1]", "d[2]", "f"])
            frame.SetColumn(name, ColumnKind.Real).Reals[0] = 0.5;
        frame.SetColumn(ColumnNames.StructureType, ColumnKind.Integer).Integers[0] = (long)StructureType.Fcc;
        using (TrajectoryWriter writer = TrajectoryWriter.Create(scratch["a.xyz"]))
        {
            writer.Write(frame);
            writer.Complete();
        }

        const string Properties = "species:S:1:pos:R:3:id:I:1:velo:R:3:d:R:2:f:R:1:structure_type:I:1";
        Assert.Equal(
            $"1\nLattice=\"10 0 0 3 8 0 -2 1 7\" Origin=\"1 2 3\" Properties={Properties} Timestep=7 pbc=\"T T F\"\n" +
            "Cu 1.5 -2 3 1 0.5 0.5 0.5 0.5 0.5 0.5 1\n", File.ReadAllText(scratch["a.xyz"]));
    }
}
