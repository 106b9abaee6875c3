using System.Globalization;
using System.Text;
using Denoise.Atoms;
using Denoise.Atoms.Files;
using Denoise.Cli.Analysis;

namespace Denoise.Cli.Output;

/// <summary>
/// A line per frame for programs, each written whole when its frame is done; columns have the names of the fix's log. Others can read it
/// meanwhile.
/// </summary>
internal sealed class CsvTable : IFrameSink
{
    /// <summary>What its first line begins with, by which an earlier one is known.</summary>
    public const string Start = "frame,step,atoms,";

    private readonly string _path;
    private readonly GrowingFile _file;
    private int _columns;

    /// <param name="path">the file</param>
    /// <param name="length">bytes of it that are kept</param>
    /// <exception cref="InputException">it cannot be written</exception>
    public CsvTable(string path, long length)
    {
        _path = path;
        try
        {
            _file = new(path, length);
        }
        catch (Exception error) when (WriteFailure.IsFromSystem(error))
        {
            throw WriteFailure.Of(path, error);
        }
    }

    /// <summary>Bytes so far.</summary>
    public long Length => _file.Length;

    public void Write(FinishedFrame frame)
    {
        List<(string Name, string Value)> cells = Cells(frame.Summary);
        StringBuilder text = new();
        if (_file.Length == 0)
            text.AppendJoin(',', cells.Select(cell => cell.Name)).Append('\n');
        if (_columns > 0 && cells.Count != _columns)
            throw new InvalidOperationException("the columns of a table have changed");
        _columns = cells.Count;
        text.AppendJoin(',', cells.Select(cell => cell.Value)).Append('\n');
        try
        {
            _file.Append(Encoding.UTF8.GetBytes(text.ToString()));
        }
        catch (Exception error) when (WriteFailure.IsFromSystem(error))
        {
            throw WriteFailure.Of(_path, error);
        }
    }

    public void Complete() => _file.FlushToDisk();

    public void Dispose() => _file.Dispose();

    /// <summary>Columns of a frame, in their order.</summary>
    internal static List<(string Name, string Value)> Cells(FrameSummary frame)
    {
        List<(string, string)> cells =
            [("frame", Text(frame.Index ?? 0)), ("step", Text(frame.Step)), ("atoms", Text(frame.Atoms))];
        if (frame.Selected is { } selected)
            cells.Add(("selected", Text(selected)));
        AddCounts(cells, "", frame, frame.Counts);
        AddCounts(cells, "raw_", frame, frame.RawCounts);
        if (frame.Outside is not null)
        {
            cells.Add(("rms_displacement", Text(frame.RmsDisplacement)));
            cells.Add(("iterations", Text(frame.Iterations)));
            cells.Add(("scale", Text(frame.Scale)));
        }

        foreach (FrameNumber number in frame.Globals)
            cells.Add((number.Name, number.ToText()));
        return cells;
    }

    private static void AddCounts(List<(string, string)> cells, string prefix, FrameSummary frame, long[]? counts)
    {
        for (int k = 0; k < counts?.Length; k++)
            cells.Add((prefix + frame.Structures[k].Name, Text(counts[k])));
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
