using Denoise.Atoms;
using Denoise.Cli.Analysis;
using Denoise.Cli.Output;

namespace Denoise.Cli.Tests;

public sealed class TableReportTests
{
    private static readonly FrameSummary Frame = new(1000, 20, [5, 10, 5, 0, 0], [15, 5, 0, 0, 0], 7, 0.99, 0.25)
    {
        Structures = StructureTable.OfCommonNeighbors,
    };

    [Fact]
    public void Columns_stand_under_their_titles()
    {
        string[] lines = Write(denoises: true, Frame, Frame with { Step = 123456789 });
        Assert.Equal(3, lines.Length);
        Assert.Equal(
            ["step", "atoms", "other", "fcc", "hcp", "bcc", "ico", "before", "after", "iter", "scale", "rms", "disp"], Words(lines[0]));
        Assert.Equal(["1000", "20", "5", "10", "5", "0", "0", "25.00%", "75.00%", "7", "0.9900", "0.2500"], Words(lines[1]));
        Assert.All(lines, line => Assert.Equal(lines[0].Length, line.Length));
    }

    [Fact]
    public void Without_a_model_there_is_no_word_of_denoising()
    {
        string[] lines = Write(denoises: false, Frame with { RawCounts = null });
        Assert.Equal(["step", "atoms", "other", "fcc", "hcp", "bcc", "ico", "identified"], Words(lines[0]));
        Assert.Equal("75.00%", Words(lines[1])[^1]);
        Assert.Equal(lines[0].Length, lines[1].Length);
    }

    [Fact]
    public void An_empty_frame_divides_by_nothing() =>
        Assert.EndsWith(" 0.00%", Write(denoises: false, Frame with { Atoms = 0, Counts = new long[5], RawCounts = new long[5] })[1]);

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string[] Write(bool denoises, params FrameSummary[] frames)
    {
        using StringWriter text = new();
        TableReport report = new(text, denoises, identifies: true);
        foreach (FrameSummary frame in frames)
            report.Add(frame);
        report.End();
        return text.ToString().TrimEnd('\n').Split('\n');
    }
}
