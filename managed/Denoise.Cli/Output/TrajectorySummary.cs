using System.Globalization;
using System.Text;
using System.Text.Json;
using Denoise.Atoms;
using Denoise.Trajectories;

namespace Denoise.Cli.Output;

/// <summary>What <c>denoise info</c> says of a file with atoms: the whole file is read, so that the number of frames is true.</summary>
internal sealed class TrajectorySummary
{
    private readonly string _path;
    private readonly List<string> _elements = [];
    private readonly List<string> _columns = [];
    private string _format = "";
    private string? _units;
    private Box? _box;
    private long _frames, _firstStep, _lastStep, _fewestAtoms, _mostAtoms;

    private TrajectorySummary(string path) => _path = path;

    /// <summary>What is odd in the file but not wrong.</summary>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    public static TrajectorySummary Of(string path, ProgressBar progress)
    {
        TrajectorySummary summary = new(path);
        using TrajectoryReader reader = TrajectoryReader.Open(path);
        using Frame frame = new();
        try
        {
            while (reader.Read(frame))
            {
                progress.Show(reader.Progress, reader.FramesRead);
                summary.Add(frame);
            }
        }
        finally
        {
            progress.Clear();
        }

        summary._format = reader.Format.Name;
        summary.Warnings = reader.Warnings;
        return summary;
    }

    public IEnumerable<string> Lines()
    {
        yield return Line("file", _path);
        yield return Line("format", _format);
        yield return Line("frames", Text($"{_frames}"));
        yield return Line("steps", _frames == 1 ? Text($"{_firstStep}") : Text($"{_firstStep} to {_lastStep}"));
        yield return Line("atoms", _fewestAtoms == _mostAtoms ? Text($"{_mostAtoms}") : Text($"{_fewestAtoms} to {_mostAtoms}"));
        yield return Line("elements", _elements.Count == 0 ? "not in the file" : string.Join(", ", _elements));
        if (_units is not null)
            yield return Line("units", _units);
        if (_box is { } box)
            for (int axis = 0; axis < 3; axis++)
                yield return Line($"edge {"abc"[axis]}", Text(
                    $"{box[axis].X:G8} {box[axis].Y:G8} {box[axis].Z:G8}, {(box.IsPeriodic(axis) ? "periodic" : "open")} (first frame)"));
        yield return Line("columns", _columns.Count == 0 ? "none but id, type and position" : string.Join(", ", _columns));
    }

    public string ToJson()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteString("file", _path);
            json.WriteString("format", _format);
            json.WriteNumber("frames", _frames);
            json.WriteNumber("first_step", _firstStep);
            json.WriteNumber("last_step", _lastStep);
            json.WriteNumber("fewest_atoms", _fewestAtoms);
            json.WriteNumber("most_atoms", _mostAtoms);
            WriteStrings(json, "elements", _elements);
            json.WriteString("units", _units);
            WriteBox(json);
            WriteStrings(json, "columns", _columns);
            json.WriteNumber("warnings", Warnings.Count);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, List<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static string Line(string name, string value) => $"{name,-9} {value}";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private void WriteBox(Utf8JsonWriter json)
    {
        json.WriteStartArray("cell");
        for (int axis = 0; axis < 3 && _box is not null; axis++)
        {
            json.WriteStartArray();
            for (int k = 0; k < 3; k++)
                json.WriteNumberValue(_box[axis][k]);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteStartArray("periodic");
        for (int axis = 0; axis < 3 && _box is not null; axis++)
            json.WriteBooleanValue(_box.IsPeriodic(axis));
        json.WriteEndArray();
    }

    private void Add(Frame frame)
    {
        if (_frames++ == 0)
        {
            (_firstStep, _fewestAtoms, _box, _units) = (frame.Step, frame.Count, frame.Box, frame.Units);
            _columns.AddRange(frame.Columns.Select(column => column.Name));
        }

        _lastStep = frame.Step;
        _fewestAtoms = Math.Min(_fewestAtoms, frame.Count);
        _mostAtoms = Math.Max(_mostAtoms, frame.Count);
        foreach (string? element in frame.Elements)
            if (element is not null && !_elements.Contains(element))
                _elements.Add(element);
    }
}
