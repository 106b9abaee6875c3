using System.Text.Json;
using Denoise.Cli.Analysis;

namespace Denoise.Cli.Output;

/// <summary>
/// One JSON object for all frames, written and flushed frame by frame:
/// <c>{"frames":[{"step":..,"atoms":..,"counts":{"other":..,"fcc":..,"hcp":..,"bcc":..,"ico":..},"iterations":..,"scale":..,
/// "rms_displacement":..}],"warnings":..}</c>, the warnings being those on standard error. It is closed after a failure
/// too, so that what was done can be read.
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
        if (frame.Counts is { } counts)
        {
            _writer.WriteStartObject("counts");
            foreach (var (name, type) in StructureNames.Short)
                _writer.WriteNumber(name, counts[(int)type]);
            _writer.WriteEndObject();
        }
        else
        {
            _writer.WriteNull("counts");
        }

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

    private void Begin()
    {
        if (_begun)
            return;
        _begun = true;
        _writer.WriteStartObject();
        _writer.WriteStartArray("frames");
    }
}
