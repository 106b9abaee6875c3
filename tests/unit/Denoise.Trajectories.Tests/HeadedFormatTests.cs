using Denoise.Atoms;
using Denoise.TestSupport;

namespace Denoise.Trajectories.Tests;

/// <summary>DCD and NetCDF files, whose head says how many frames follow: what was written is read, in single precision.</summary>
public class HeadedFormatTests
{
    private const int Atoms = 57;

    public static TheoryData<string> Names => ["a.dcd", "a.nc"];

    public static TheoryData<string, string> NamesAndBoxes
    {
        get
        {
            TheoryData<string, string> all = [];
            foreach (string name in (string[])["a.dcd", "a.nc"])
                foreach (string box in Boxes.Keys)
                    all.Add(name, box);
            return all;
        }
    }

    private static readonly Dictionary<string, Box> Boxes = new()
    {
        ["orthogonal"] = Box.Orthogonal(9, 8, 7) with { Origin = new(-1, 2, 3) },
        ["restricted triclinic"] = new(new(9, 0, 0), new(-2, 8, 0), new(1, 3, 7), new(0.5, 0, -4), true, true, true),
        ["turned"] = new(new(1, 5, 6), new(-5, 2, 3), new(2, -4, 8), new(1, 1, 1), true, true, true),
    };

    private static Frame Sample(int k, Box box)
    {
        Random random = new(k);
        Frame frame = new() { Step = 1000 + 50 * k, Time = 0.1 * k, Box = box };
        frame.Resize(Atoms);
        for (int i = 0; i < Atoms; i++)
        {
            (frame.Ids[i], frame.Types[i]) = (1000 - i, 1 + i % 3);
            Vec3 position = box.ToCartesian(new(random.NextDouble(), random.NextDouble(), random.NextDouble()));
            (frame.Positions[3 * i], frame.Positions[3 * i + 1], frame.Positions[3 * i + 2]) = (position.X, position.Y, position.Z);
        }

        return frame;
    }

    private static string Write(string path, Box box, int frames)
    {
        using TrajectoryWriter writer = TrajectoryWriter.Create(path);
        for (int k = 0; k < frames; k++)
        {
            using Frame frame = Sample(k, box);
            writer.Write(frame);
        }

        writer.Complete();
        return path;
    }

    [Theory]
    [MemberData(nameof(NamesAndBoxes))]
    public void What_is_written_is_read(string name, string box)
    {
        using ScratchFolder scratch = new();
        Write(scratch[name], Boxes[box], 3);
        using TrajectoryReader reader = TrajectoryReader.Open(scratch[name]);
        using Frame read = new();
        for (int k = 0; k < 3; k++)
        {
            using Frame expected = Sample(k, Boxes[box]);
            Assert.True(reader.Read(read));
            Assert.Equal((expected.Step, Atoms), (read.Step, read.Count));
            Assert.Equal(expected.Box.Volume, read.Box.Volume, 1e-9);
            if (name == "a.nc")
            {
                Assert.Equal(expected.Ids.Span, read.Ids.Span);
                Assert.Equal(expected.Types.Span, read.Types.Span);
                Assert.Equal(expected.Time, read.Time);
            }

            if (box != "turned")
                for (int j = 0; j < 3 * Atoms; j++)
                    Assert.Equal((float)expected.Positions[j], read.Positions[j]);
            for (int i = 1; i < Atoms; i++)
                Assert.Equal(Distance(expected, i), Distance(read, i), 1e-5);
        }

        Assert.False(reader.Read(read));
    }

    /// <summary>From the first atom, which turning leaves.</summary>
    private static double Distance(Frame frame, int atom)
    {
        double square = 0;
        for (int axis = 0; axis < 3; axis++)
            square += Math.Pow(frame.Positions[3 * atom + axis] - frame.Positions[axis], 2);
        return Math.Sqrt(square);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_cut_file_gives_the_frames_before(string name)
    {
        using ScratchFolder scratch = new();
        Files.AssertCutFileGivesTheFramesBefore(File.ReadAllBytes(Write(scratch[name], Boxes["orthogonal"], 3)), name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Frames_can_be_passed_over(string name)
    {
        using ScratchFolder scratch = new();
        Files.AssertFramesCanBePassedOver(File.ReadAllBytes(Write(scratch[name], Boxes["restricted triclinic"], 3)), name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public unsafe void Frames_encoded_apart_and_interrupted_runs_make_the_same_file(string name)
    {
        using ScratchFolder scratch = new();
        byte[] expected = File.ReadAllBytes(Write(scratch[name], Boxes["orthogonal"], 4));
        TrajectoryMark mark = default;
        for (int k = 0; k <= 4; k++)
            using (TrajectoryWriter writer = TrajectoryWriter.CreateResumable(scratch["b" + name], mark))
            {
                if (k == 4)
                {
                    writer.Complete();
                    break;
                }

                using Frame frame = Sample(k, Boxes["orthogonal"]);
                using MemoryStream bytes = new();
                FramePiece piece = new FrameEncoder(name).Encode(frame, bytes);
                fixed (byte* encoded = bytes.ToArray())
                    writer.Append(encoded, bytes.Length, piece);
                mark = writer.Mark;
            }

        Assert.Equal(expected, File.ReadAllBytes(scratch["b" + name]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Another_number_of_atoms_is_refused(string name)
    {
        using ScratchFolder scratch = new();
        using TrajectoryWriter writer = TrajectoryWriter.Create(scratch[name]);
        using Frame frame = Sample(0, Boxes["orthogonal"]);
        writer.Write(frame);
        frame.Resize(3);
        Assert.Contains("frame 2 has 3 atoms and the first 57", Assert.Throws<InputException>(() => writer.Write(frame)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.dcd.gz")]
    [InlineData("a.nc.zst")]
    public void They_are_not_compressed(string name) =>
        Assert.Contains("neither compressed", Assert.Throws<InputException>(() => TrajectoryWriter.FormatOf(name)).Message,
            StringComparison.Ordinal);
}
