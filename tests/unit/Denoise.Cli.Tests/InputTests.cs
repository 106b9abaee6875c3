using Denoise.Atoms;
using Denoise.Cli.Analysis;
using Denoise.Cli.Input;
using Denoise.Cli.Output;
using Denoise.InSitu;
using Denoise.TestSupport;

namespace Denoise.Cli.Tests;

public sealed class InputTests
{
    [Theory]
    [InlineData("3", 3, 4, 1)]
    [InlineData("3:", 3, long.MaxValue, 1)]
    [InlineData(":3", 0, 3, 1)]
    [InlineData("1:10:4", 1, 10, 4)]
    [InlineData("::2", 0, long.MaxValue, 2)]
    [InlineData("5:2", 5, 2, 1)]
    public void Slices(string text, long begin, long end, long step) =>
        Assert.Equal(new FrameRange(begin, end, step), FrameRange.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("::")]
    [InlineData("-1:")]
    [InlineData("1:2:0")]
    [InlineData("1:2:3:4")]
    [InlineData("a:b")]
    [InlineData("99999999999:")]
    public void No_slices(string text) => Assert.Null(FrameRange.Parse(text));

    [Fact]
    public void Wanted_frames_are_those_of_a_slice()
    {
        foreach (string text in (string[])["0:9", "2:9:3", "4:4", "7:3", "::5", "3"])
            for (int every = 1; every < 4; every++)
                for (int frames = 0; frames < 12; frames++)
                {
                    FrameRange range = FrameRange.Parse(text)!.Value.Every(every);
                    List<long> wanted = [];
                    for (long k = 0; range.At(k) is { } frame && frame < frames; k++)
                        wanted.Add(frame);
                    long end = Math.Min(range.End, frames);
                    Assert.Equal(Enumerable.Range(0, 12).Select(f => (long)f)
                        .Where(f => f >= range.Begin && f < end && (f - range.Begin) % range.Step == 0), wanted);
                    Assert.Equal(wanted.Count, range.CountOf(frames));
                }
    }

    [Fact]
    public void Numbers_in_names_are_numbers()
    {
        string[] names = ["a10.dump", "a9.dump", "a09.dump", "a9b.dump", "b1", "a", "a1.dump2", "a1.dump10"];
        Array.Sort(names, InputFiles.CompareNaturally);
        Assert.Equal(["a", "a1.dump2", "a1.dump10", "a09.dump", "a9.dump", "a9b.dump", "a10.dump", "b1"], names);
    }

    [Fact]
    public void Patterns_are_files_and_names_stay()
    {
        using ScratchFolder scratch = new();
        foreach (string name in (string[])["r2.dump", "r10.dump", "r*.dump", ".r3.dump", "x.xyz"])
            File.WriteAllText(scratch[name], "");
        Directory.CreateDirectory(scratch["r3.dump"]);
        Assert.Equal(
            [scratch["r2.dump"], scratch["r10.dump"]],
            InputFiles.Expand([scratch["r?.dump"], scratch["r??.dump"]]).Where(f => !f.Contains('*')));
        Assert.Equal([scratch["r*.dump"], "none.dump", "-x"], InputFiles.Expand([scratch["r*.dump"], "none.dump", "-x"]));
        Assert.Contains("no file matches", Assert.Throws<InputException>(() => InputFiles.Expand([scratch["q*"]])).Message);
        Assert.Contains("standard input", Assert.Throws<InputException>(() => InputFiles.Expand(["-", "a"])).Message);
    }

    [Fact]
    public void What_a_process_tells_of_a_frame_arrives()
    {
        FrameSummary summary = new(7, 100, [1, 2, 3, 4, 5, 6, 7, 8], [8, 7, 6, 5, 4, 3, 2, 1], 3, 0.99, 0.1,
            new OutsideCounts { Seen = 1, Held = 2, BeyondNoise = 3, OddDensity = 4, Unsettled = 5, Astray = 6 },
            FrameWarnings.Held | FrameWarnings.Astray)
        {
            Index = 12,
            Structures = StructureTable.OfClasses(["a", "b", "c", "d", "e", "f", "g"]),
            Selected = 5,
            Globals = [new("a", true, 4), new("b[1]", false, double.NaN)],
        };
        FrameNote note = new() { Summary = summary, Sentence = "é", IsOfInput = true };
        note.Warnings.Add(new("key", "text"));
        FrameNote read = FrameNote.Read(note.ToBytes());
        Assert.Equal(("é", true), (read.Sentence, read.IsOfInput));
        Assert.Equal(new Warning("key", "text"), Assert.Single(read.Warnings));
        Assert.Equal(summary.Counts, read.Summary!.Counts);
        Assert.Equal(summary.RawCounts, read.Summary.RawCounts);
        Assert.Equal(summary.Globals, read.Summary.Globals);
        Assert.Equal(summary.Structures, read.Summary.Structures);
        Assert.Equal(
            summary with { Counts = null, RawCounts = null, Globals = [], Structures = [] },
            read.Summary with { Counts = null, RawCounts = null, Globals = [], Structures = [] });
        Assert.Null(FrameNote.Read(new FrameNote().ToBytes()).Summary);
        FrameSummary bare = new(1, 2, null, null, 0, 1, 0);
        FrameSummary back = FrameNote.Read(new FrameNote { Summary = bare }.ToBytes()).Summary!;
        Assert.Equal(bare, back with { Globals = bare.Globals, Structures = bare.Structures });
    }

    [Fact]
    public void A_table_goes_on_where_it_is_cut()
    {
        using ScratchFolder scratch = new();
        FrameSummary frame = new(10, 20, [5, 10, 5, 0, 0], null, 0, 1, 0)
        {
            Structures = StructureTable.OfCommonNeighbors,
            Index = 0,
            Globals = [new("n", true, 3), new("m", false, 0.1)],
        };
        long length;
        using (CsvTable table = new(scratch["t.csv"], 0))
        {
            table.Write(new Summarized(frame));
            length = table.Length;
            table.Write(new Summarized(frame with { Index = 1 }));
        }

        string whole = File.ReadAllText(scratch["t.csv"]);
        Assert.Equal("frame,step,atoms,other,fcc,hcp,bcc,ico,n,m\n0,10,20,5,10,5,0,0,3,0.1\n1,10,20,5,10,5,0,0,3,0.1\n", whole);
        using (CsvTable table = new(scratch["t.csv"], length))
            table.Write(new Summarized(frame with { Index = 1 }));
        Assert.Equal(whole, File.ReadAllText(scratch["t.csv"]));
    }

    private sealed class Summarized(FrameSummary summary) : FinishedFrame(summary)
    {
        public override void WriteTo(Trajectories.TrajectoryWriter writer) => throw new InvalidOperationException();
    }
}
