using System.Text;
using Denoise.Atoms;
using Denoise.Cli.Analysis;
using Denoise.Cli.Output;
using Denoise.InSitu;

namespace Denoise.Cli.Tests;

public sealed class JsonReportTests
{
    private static readonly FrameSummary Frame = new(1000, 15, [1, 2, 3, 4, 5], [15, 0, 0, 0, 0], 7, 0.99, 0.25,
        new() { Seen = 15, Held = 1, BeyondNoise = 2, OddDensity = 3, Unsettled = 4, Astray = 5 },
        FrameWarnings.Held | FrameWarnings.BeyondNoise | FrameWarnings.GhostsShort)
    {
        Structures = StructureTable.OfCommonNeighbors,
    };

    [Fact]
    public void Frames_have_the_published_schema()
    {
        const string Expected =
            """{"frames":[{"step":1000,"atoms":15,"counts_before":{"other":15,"fcc":0,"hcp":0,"bcc":0,"ico":0}""" +
            ""","counts":{"other":1,"fcc":2,"hcp":3,"bcc":4,"ico":5}""" +
            ""","iterations":7,"scale":0.99,"rms_displacement":0.25""" +
            ""","outside":{"seen":15,"held":1,"beyond_noise":2,"odd_density":3,"unsettled":4,"astray":5}""" +
            ""","warnings":["held","beyond_noise"]}],"warnings":0""" +
            ""","structures":{"other":0,"fcc":1,"hcp":2,"bcc":3,"ico":4}}""";
        Assert.Equal(Expected + "\n", Write(report => report.Add(Frame)));
    }

    [Fact]
    public void Without_a_model_there_is_no_before() =>
        Assert.DoesNotContain("counts_before", Write(report => report.Add(Frame with { RawCounts = null })));

    [Fact]
    public void Without_a_model_nothing_is_outside_of_it() =>
        Assert.Contains("""
            "rms_displacement":0.25,"warnings":[]}
            """, Write(report => report.Add(Frame with { Outside = null, Warnings = FrameWarnings.None })));

    [Fact]
    public void Counts_are_null_where_nothing_was_identified() =>
        Assert.Contains("""
            "counts":null,"iterations":7
            """, Write(report => report.Add(Frame with { Counts = null, RawCounts = null })));

    [Fact]
    public void Without_frames_the_document_is_whole() => Assert.Equal("{\"frames\":[],\"warnings\":0}\n", Write(_ => { }));

    [Fact]
    public void A_frame_is_in_the_stream_as_soon_as_it_is_added()
    {
        using MemoryStream stream = new();
        JsonReport report = new(stream);
        report.Add(Frame);
        Assert.EndsWith("\"beyond_noise\"]}", Encoding.UTF8.GetString(stream.ToArray()));
    }

    private static string Write(Action<JsonReport> use)
    {
        using MemoryStream stream = new();
        JsonReport report = new(stream);
        use(report);
        report.End();
        // A failure after the end closes nothing twice.
        report.End();
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
