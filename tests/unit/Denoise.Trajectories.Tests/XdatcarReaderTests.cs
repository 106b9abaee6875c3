using Denoise.Atoms;

namespace Denoise.Trajectories.Tests;

public class XdatcarReaderTests
{
    private const string Header = "Cu md\n2.0\n2 0 0\n0 2 0\n0 0 2\nCu O\n1 1\n";

    private static string Configuration(int number, double x) =>
        FormattableString.Invariant($"Direct configuration= {number,5}\n   0 0 0\n   {x} .5 .25\n");

    private static List<Snapshot> Read(string text) => Files.ReadAll(text, "XDATCAR");

    [Fact]
    public void Fixed_cell()
    {
        List<Snapshot> frames = Read(Header + Configuration(1, 0.5) + Configuration(11, 0.25) + Configuration(21, 0.125));
        Assert.Equal([1, 11, 21], frames.Select(frame => frame.Step));
        Assert.Equal([2, 1, 0.5], frames.Select(frame => frame.Positions[3]));
        foreach (Snapshot frame in frames)
        {
            Assert.Equal(Box.Orthogonal(4, 4, 4), frame.Box);
            Assert.Equal((string?[])["Cu", "O"], frame.Elements);
            Assert.Equal([1, 2], frame.Types);
            Assert.Equal([2, 1], frame.Positions[4..]);
        }
    }

    [Fact]
    public void Varying_cell_and_joined_runs()
    {
        string second = Header.Replace("2.0", "3.0"), third = Header.Replace("Cu O\n1 1", "Cu\n2");
        List<Snapshot> frames = Read(Header + Configuration(1, 0.5) + second + Configuration(2, 0.5) + third + Configuration(1, 0.5));
        Assert.Equal([4, 6, 4], frames.Select(frame => frame.Box.A.X));
        Assert.Equal([2, 3, 2], frames.Select(frame => frame.Positions[3]));
        Assert.Equal([1, 1], frames[2].Types);
    }

    [Fact]
    public void Blank_lines_between_configurations_of_old_versions()
    {
        List<Snapshot> frames = Read(Header + "\n0 0 0\n.5 .5 .25\n\n0 0 0\n.25 .5 .25\n");
        Assert.Equal([2, 1], frames.Select(frame => frame.Positions[3]));
        Assert.Equal([1, 2], frames.Select(frame => frame.Step));
    }

    [Fact]
    public void A_cut_file_gives_its_good_frames_or_an_error_or_a_warning()
    {
        string text = Header + Configuration(1, 0.5) + Header + Configuration(2, 0.25);
        for (int length = Header.Length; length < text.Length; length++)
        {
            using TrajectoryReader reader = Files.Open(text[..length], "XDATCAR");
            int first = Header.Length + Configuration(1, 0.5).Length;
            using Frame frame = new();
            int good = 0;
            try
            {
                while (reader.Read(frame))
                    good++;
                Assert.True(length == first || reader.Warnings.Count == 1, $"cut after {length} characters: nothing is said");
            }
            catch (InputException e)
            {
                Assert.Contains("XDATCAR", e.Message);
                Assert.Equal(length > first ? 1 : 0, good);
            }
        }
    }

    [Theory]
    [InlineData("Direct configuration=     2\n", "Direct configuration=     2\n0 0 x\n",
        "XDATCAR:12: '0 0 x' is not a position (0 of 2 atoms read)")]
    [InlineData("   0.25 .5 .25\n", "", "the file ends in the middle of frame 2: 1 of 2 atoms are there")]
    public void Damage_is_named_with_its_line(string good, string bad, string message) =>
        Assert.Contains(message, Files.Failure((Header + Configuration(1, 0.5) + Configuration(2, 0.25)).Replace(good, bad), "XDATCAR"));
}
