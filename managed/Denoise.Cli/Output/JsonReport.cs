using System.Text.Json;
using Denoise.Cli.Analysis;

namespace Denoise.Cli.Output;

/// <summary>
/// One JSON object for all frames, written and flushed frame by frame:
/// <c>{"frames":[{"step":..,"atoms":..,"counts_before":{"other":..,"fcc":..,"hcp":..,"bcc":..,"ico":..},"counts":{..},"iterations":..,
/// "scale":..,"rms_displacement":..}],"warnings":..}</c>, the warnings being those on standard error, without <c>counts_before</c> where
/// nothing was denoised. It is closed after a failure too, so that what was done can be read.
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

    private void Begin()
    {
        if (_begun)
            return;
        _begun = true;
        _writer.WriteStartObject();
        _writer.WriteStartArray("frames");
    }
}
