using System.Text.Json;
using Denoise.Atoms;
using Denoise.Cli.Analysis;

namespace Denoise.Cli.Output;

/// <summary>
/// One JSON object for all frames, written and flushed frame by frame:
/// <c>{"frames":[{"step":..,"atoms":..,"counts_before":{"other":..,"fcc":..,"hcp":..,"bcc":..,"ico":..},"counts":{..},"iterations":..,
/// "scale":..,"rms_displacement":..,"outside":{"seen":..,"held":..,"beyond_noise":..,"odd_density":..,"unsettled":..,"astray":..},
/// "warnings":[..]}],"warnings":..,"structures":{"other":0,"fcc":1,..}}</c>: without <c>counts_before</c> where nothing was denoised and
/// <c>outside</c> without a model, and at the end how many lines standard error got, and the number of each structure in columns. Where
/// it was asked for, a frame has its number <c>frame</c>, the number of atoms <c>selected</c> and what analyses found as <c>globals</c>,
/// and the end how many damaged frames were <c>left_out</c>. It is closed after a failure too, so that what was done can be read.
/// </summary>
/// <param name="stream">where it goes</param>
/// <param name="skipsBad">whether damaged frames are left out</param>
internal sealed class JsonReport(Stream stream, bool skipsBad = false) : IFrameReport
{
    private readonly Utf8JsonWriter _writer = new(stream);
    private IReadOnlyList<NamedStructure> _structures = [];
    private int _warnings;
    private int _bad;
    private bool _begun;
    private bool _ended;

    public void Add(FrameSummary frame)
    {
        Begin();
        _writer.WriteStartObject();
        if (frame.Index is { } index)
            _writer.WriteNumber("frame", index);
        _writer.WriteNumber("step", frame.Step);
        _writer.WriteNumber("atoms", frame.Atoms);
        if (frame.Selected is { } selected)
            _writer.WriteNumber("selected", selected);
        if (frame.RawCounts is not null)
            WriteCounts("counts_before", frame, frame.RawCounts);
        if (frame.Counts is not null)
            WriteCounts("counts", frame, frame.Counts);
        else
            _writer.WriteNull("counts");
        _writer.WriteNumber("iterations", frame.Iterations);
        _writer.WriteNumber("scale", frame.Scale);
        _writer.WriteNumber("rms_displacement", frame.RmsDisplacement);
        WriteOutside(frame);
        WriteGlobals(frame.Globals);
        _writer.WriteEndObject();
        _writer.Flush();
        stream.Flush();
    }

    public void CountWarning() => _warnings++;

    public void CountBad() => _bad++;

    public void End()
    {
        if (_ended)
            return;
        _ended = true;
        Begin();
        _writer.WriteEndArray();
        _writer.WriteNumber("warnings", _warnings);
        if (_structures.Count > 0)
        {
            _writer.WriteStartObject("structures");
            foreach (NamedStructure structure in _structures)
                _writer.WriteNumber(structure.Name, structure.Number);
            _writer.WriteEndObject();
        }

        if (skipsBad)
            _writer.WriteNumber("left_out", _bad);
        _writer.WriteEndObject();
        _writer.Flush();
        stream.Write("\n"u8);
        stream.Flush();
    }

    private void WriteCounts(string name, FrameSummary frame, long[] counts)
    {
        _structures = frame.Structures;
        _writer.WriteStartObject(name);
        for (int k = 0; k < counts.Length; k++)
            _writer.WriteNumber(frame.Structures[k].Name, counts[k]);
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

    private void WriteGlobals(IReadOnlyList<FrameNumber> globals)
    {
        if (globals.Count == 0)
            return;
        _writer.WriteStartObject("globals");
        foreach (FrameNumber number in globals)
            if (number.IsWhole)
                _writer.WriteNumber(number.Name, (long)number.Value);
            else if (double.IsFinite(number.Value))
                _writer.WriteNumber(number.Name, number.Value);
            else
                _writer.WriteNull(number.Name);
        _writer.WriteEndObject();
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
