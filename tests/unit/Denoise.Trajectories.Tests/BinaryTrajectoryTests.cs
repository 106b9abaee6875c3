using System.Globalization;
using Denoise.Atoms;
using Denoise.TestSupport;

namespace Denoise.Trajectories.Tests;

/// <summary>XTC, DCD and NetCDF files that MDAnalysis 2.4 wrote, three frames of 16 molecules of water in a skewed box (data/binary).</summary>
public class BinaryTrajectoryTests
{
    private const int Atoms = 48;

    private static string Folder { get; } =
        Path.Combine(SharedReference.RepositoryRoot, "tests", "unit", "Denoise.Trajectories.Tests", "data", "binary");

    // XTC keeps 0.01 Å; the text has four decimals.
    [Theory]
    [InlineData("water.xtc", 0.0051)]
    [InlineData("water.dcd", 0.0001)]
    [InlineData("water.nc", 0.0001)]
    public void Positions_and_boxes_are_those_that_were_written(string name, double tolerance)
    {
        double[] expected = [.. File.ReadAllText(Path.Combine(Folder, "water.txt"))
            .Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
        List<Snapshot> frames = Files.ReadAll(Files.Open(Bytes(name), name, new Random(1)));
        Assert.Equal(3, frames.Count);
        for (int f = 0; f < 3; f++)
        {
            Assert.Equal(Atoms, frames[f].Ids.Length);
            Assert.All(frames[f].Types, type => Assert.Equal(1, type));
            for (int k = 0; k < 3 * Atoms; k++)
                Assert.InRange(frames[f].Positions[k], expected[3 * Atoms * f + k] - tolerance, expected[3 * Atoms * f + k] + tolerance);
            Box box = frames[f].Box;
            Assert.Equal(20, box.A.Length, 1e-4);
            Assert.Equal(21, box.B.Length, 1e-4);
            Assert.Equal(22, box.C.Length, 1e-4);
            Assert.Equal(Math.Cos(75 * Math.PI / 180), Vec3.Dot(box.A, box.B) / 420, 1e-4);
        }
    }

    [Theory]
    [InlineData("water.xtc")]
    [InlineData("water.dcd")]
    [InlineData("water.nc")]
    public void A_cut_file_gives_the_frames_before(string name)
    {
        Files.AssertCutFileGivesTheFramesBefore(Bytes(name), name);
    }

    [Theory]
    [InlineData("water.xtc")]
    [InlineData("water.dcd")]
    [InlineData("water.nc")]
    public void Frames_can_be_passed_over(string name)
    {
        Files.AssertFramesCanBePassedOver(Bytes(name), name);
    }

    [Theory]
    [InlineData(5, 20)]
    [InlineData(1000, 100)]
    [InlineData(20, 3e5)]
    public void What_is_written_as_XTC_is_read_to_a_hundredth(int atoms, double width)
    {
        Random random = new(atoms);
        using Frame frame = new();
        frame.Resize(atoms);
        frame.NumberAtoms();
        frame.Types.Span.Fill(1);
        (frame.Step, frame.Time, frame.Box) = (7, 0.5, Box.Orthogonal(width, width, width));
        foreach (ref double x in frame.Positions.Span)
            x = width * (random.NextDouble() - 0.25);
        using MemoryStream stream = new();
        FrameEncoder encoder = new("a.xtc");
        encoder.Encode(frame, stream);
        encoder.Encode(frame, stream);
        List<Snapshot> read = Files.ReadAll(Files.Open(stream.ToArray(), "a.xtc"));
        Assert.Equal(2, read.Count);
        Assert.Equal(7, read[1].Step);
        for (int k = 0; k < 3 * atoms; k++)
            Assert.Equal(frame.Positions[k], read[1].Positions[k], 0.0051);
    }

    private static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(Folder, name));
}
