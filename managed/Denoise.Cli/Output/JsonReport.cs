using System.Text.Json;
using Denoise.Cli.Analysis;

namespace Denoise.Cli.Output;

/// <summary>
/// One JSON object for all frames, written and flushed frame by frame:
/// <c>{"frames":[{"step":..,"atoms":..,"counts_before":{"other":..,"fcc":..,"hcp":..,"bcc":..,"ico":..},"counts":{..},"iterations":..,
/// "scale":..,"rms_displacement":..,"outside":{"seen":..,"held":..,"beyond_noise":..,"odd_density":..,"unsettled":..,"astray":..},
/// "warnings":[..]}],"warnings":..}</c>: without <c>counts_before</c> and <c>outside</c> where nothing was denoised, and at the end how
/// many lines standard error got. It is closed after a failure too, so that what was done can be read.
/// </summary>
internal sealed class JsonReport(Stream stream) : IFrameReport
{
    private readonly Utf8JsonWriter _writer = new(stream);
    private int _warnings;
    private bool _begun;
    private bool _ended;

    public void Add(FrameSummary frame)
    {
        Begin();
        _writer.WriteStartObject();
        _writer.WriteNumber("step", frame.Step);
        _writer.WriteNumber("atoms", frame.Atoms);
        if (frame.RawCounts is not null)
            WriteCounts("counts_before", frame.RawCounts);
        if (frame.Counts is not null)
            WriteCounts("counts", frame.Counts);
        else
            _writer.WriteNull("counts");
        _writer.WriteNumber("iterations", frame.Iterations);
        _writer.WriteNumber("scale", frame.Scale);
        _writer.WriteNumber("rms_displacement", frame.RmsDisplacement);
        WriteOutside(frame);
        _writer.WriteEndObject();
        _writer.Flush();
        stream.Flush();
    }

    public void CountWarning() => _warnings++;

    public void End()
    {
        if (_ended)
            return;
        _ended = true;
        Begin();
        _writer.WriteEndArray();
        _writer.WriteNumber("warnings", _warnings);
        _writer.WriteEndObject();
        _writer.Flush();
        stream.Write("\n"u8);
        stream.Flush();
    }

    private void WriteCounts(string name, long[] counts)
    {
        _writer.WriteStartObject(name);
        foreach (var (structure, type) in StructureNames.Short)
            _writer.WriteNumber(structure, counts[(int)type]);
        _writer.WriteEndObject();
    }

    private void WriteOutside(FrameSummary frame)
    {
        if (frame.Outside is { } outside)
        {
            _writer.WriteStartObject("outside");
            _writer.WriteNumber("seen", outside.Seen);
            _writer.WriteNumber("held", outside.Held);
            _writer.WriteNumber("beyond_noise", outside.BeyondNoise);
            _writer.WriteNumber("odd_density", outside.OddDensity);
            _writer.WriteNumber("unsettled", outside.Unsettled);
            _writer.WriteNumber("astray", outside.Astray);
            _writer.WriteEndObject();
        }

        _writer.WriteStartArray("warnings");
        foreach (string name in RunWarnings.Names(frame.Warnings))
            _writer.WriteStringValue(name);
        _writer.WriteEndArray();
    }

    private void Begin()
    {
        if (_begun)
            return;
        _begun = true;
        _writer.WriteStartObject();
        _writer.WriteStartArray("frames");
    }
}
