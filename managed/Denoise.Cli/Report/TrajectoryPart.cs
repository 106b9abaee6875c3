using System.Diagnostics;
using System.Globalization;
using Denoise.Atoms;
using Denoise.Cli.Analysis;
using Denoise.Cli.CommandLine;
using Denoise.Cli.Input;
using Denoise.Cli.Output;
using Denoise.Cli.Tables;
using Denoise.Networks.Models;

namespace Denoise.Cli.Report;

/// <summary>
/// The trajectories of a report: a row of a table per frame, and a few frames to look at. What an earlier denoising has left in the
/// columns of a file is taken from there, unless a model is given.
/// </summary>
internal sealed class TrajectoryPart : IDisposable
{
    private readonly ReportOptions _options;
    private readonly ReportData _report;
    private readonly FrameSource _source;
    private readonly Frame _frame = new();
    private readonly ProgressBar _progress = ProgressBar.ForConsole(isRoot: true);
    private readonly SceneKeeper _scenes;
    private readonly HashSet<string> _told = [];
    private readonly DataTable _table;

    private FrameWorker? _worker;
    private FrameWorker? _namesNothing;
    private IModel? _model;

    /// <param name="options">with trajectories as files</param>
    /// <param name="report">gets scenes, structures and notes</param>
    public TrajectoryPart(ReportOptions options, ReportData report)
    {
        (_options, _report) = (options, report);
        _source = new(options.Files, options.Analysis.Frames, skipsBad: false, Warn);
        _scenes = new(options.Scenes);
        string first = options.Files[0] == InputFiles.StandardInput ? "standard input" : options.Files[0];
        _table = new(options.Files.Count == 1 ? first : $"{first} ...");
    }

    /// <exception cref="InputException">anything wrong with the files, the model or the atoms</exception>
    public DataTable Run()
    {
        _source.Check();
        _model = FrameWorker.LoadModel(_options.Analysis, Warn);
        for (long k = 0; _source.Read(k, _frame); k++)
        {
            _progress.Show(_source.Progress, k);
            Add();
        }

        _progress.Clear();
        if (_table.RowsRead == 0)
            throw new InputException($"{_options.Files[0]}: has none of the frames that are wanted; nothing was written");
        _report.Scenes.AddRange(_scenes.Kept);
        ColumnRoles.Assign(_table);
        _table.ProfileEnd = RadialCutoff();
        if (_report.Scenes.FirstOrDefault(scene => scene.Ids.Length < scene.Atoms) is { } part)
            _report.Notes.Add(string.Create(CultureInfo.InvariantCulture,
                $"The 3-D view shows a block from the middle of the box, {part.Ids.Length} of {part.Atoms} atoms; charts count all."));
        return _table;
    }

    public void Dispose()
    {
        _worker?.Dispose();
        _namesNothing?.Dispose();
        _source.Dispose();
        _frame.Dispose();
    }

    private void Add()
    {
        // The worker moves the atoms, and names them anew.
        double[] positions = _frame.Positions.Span.ToArray();
        FileColumns file = FileColumns.Of(_frame);
        bool isNamed = _model is null && file.Types is not null;
        bool needsNames = !isNamed || (file.DenoisedPositions is not null && file.RawTypes is null);
        FrameWorker worker = needsNames
            ? _worker ??= new(_options.Analysis, Ranks.Alone, _model, Warn)
            : _namesNothing ??= new(_options.Analysis with { Method = StructureMethod.None }, Ranks.Alone, null, Warn);
        Stopwatch clock = Stopwatch.StartNew();
        FrameHeader header = worker.Prepare(_frame, _source.File);
        bool works = needsNames || _options.Analysis.Analyses.Count > 0;
        FrameSummary? found = works ? worker.Work(header, _frame, _source.File) : null;
        double seconds = clock.Elapsed.TotalSeconds;
        if (isNamed)
            AddNamed(file, positions, header.Spacing, found);
        else
            AddFound(positions, header.Spacing, found!, seconds);
    }

    /// <summary>A frame that the worker has denoised, or only named.</summary>
    private void AddFound(double[] positions, double spacing, FrameSummary found, double seconds)
    {
        FileColumns columns = FileColumns.Of(_frame);
        foreach (NamedStructure structure in found.Structures)
            _report.Structures.Add(structure);
        List<(string, double)> row = [.. CsvTable.Cells(found with { Index = _source.Index })
            .Select(cell => (cell.Name, double.Parse(cell.Value, NumberStyles.Float, CultureInfo.InvariantCulture))), ("seconds", seconds)];
        _table.AddRow(row);
        ushort[] types = Places(columns.Types ?? new long[_frame.Count]);
        _scenes.Add(() =>
        {
            SceneBuilder builder = new(_frame, positions, _options.Atoms);
            return builder.Build(_source.File, spacing, columns.RawTypes is { } raw
                ? [("before denoising", positions, Places(raw)), ("denoised", _frame.Positions.Span.ToArray(), types)]
                : [("as in the file", positions, types)], _model is null ? null : columns.Displacements);
        });
    }

    /// <summary>A frame that holds the results of an earlier denoising.</summary>
    private void AddNamed(FileColumns file, double[] positions, double spacing, FrameSummary? found)
    {
        if (file.DenoisedPositions is null)
            Note("Structures, displacements and positions are those in the columns of the file; only a file with the positions before " +
                "denoising, and --model, shows both.");
        else if (file.RawTypes is null)
            Note("Denoised positions and structures are those in the columns of the file; before denoising, structures are by adaptive " +
                "common neighbor analysis, or by --classify.");
        ushort[] types = Places(file.Types!);
        long[]? rawTypes = file.RawTypes ?? (file.DenoisedPositions is null ? null : FileColumns.Of(_frame).Types);
        ushort[]? raw = rawTypes is null ? null : Places(rawTypes);
        List<(string, double)> row =
            [("frame", _source.Index), ("step", _frame.Step), ("atoms", _frame.Count), .. Counts("", types)];
        if (raw is not null)
            row.AddRange(Counts("raw_", raw));
        if (file.Displacements is { } moves)
            row.Add(("rms_displacement", Math.Sqrt(moves.Sum(move => move * move) / Math.Max(1, moves.Length))));
        row.AddRange(found?.Globals.Select(global => (global.Name, global.Value)) ?? []);
        _table.AddRow(row, before: 0);
        _scenes.Add(() =>
        {
            SceneBuilder builder = new(_frame, positions, _options.Atoms);
            return builder.Build(_source.File, spacing, (file.DenoisedPositions, raw) switch
            {
                (null, null) => [("as in the file", positions, types)],
                (null, not null) => [("named before denoising", positions, raw), ("named after denoising", positions, types)],
                _ => [("before denoising", positions, raw!), ("denoised", file.DenoisedPositions, types)],
            }, file.Displacements);
        });
    }

    private ushort[] Places(long[] types)
    {
        ushort[] places = new ushort[types.Length];
        for (int i = 0; i < types.Length; i++)
            places[i] = (ushort)_report.Structures.IndexOf(types[i]);
        return places;
    }

    /// <summary>Atoms of each structure of the report so far.</summary>
    private IEnumerable<(string Name, double Value)> Counts(string prefix, ushort[] places)
    {
        long[] counts = new long[_report.Structures.All.Count];
        foreach (ushort place in places)
            counts[place]++;
        return _report.Structures.All.Select((structure, k) => (prefix + structure.Name, (double)counts[k]));
    }

    /// <summary>Where the bins of the only radial distribution end; null: there is none, or there are several.</summary>
    private double? RadialCutoff()
    {
        const string Key = "cutoff=";
        string[] texts = [.. _options.Analysis.Analyses.Where(text => text.StartsWith("rdf:", StringComparison.Ordinal))];
        if (texts.Length != 1)
            return null;
        string? word = texts[0].Split(':', ',').FirstOrDefault(word => word.StartsWith(Key, StringComparison.Ordinal));
        return double.TryParse(word?[Key.Length..], NumberStyles.Float, CultureInfo.InvariantCulture, out double end) ? end : null;
    }

    private void Note(string sentence)
    {
        if (_told.Add(sentence))
            _report.Notes.Add(sentence);
    }

    private void Warn(Warning warning)
    {
        if (!_told.Add(warning.Key))
            return;
        _progress.Clear();
        DenoiseCommand.Warn(warning.Text);
        _report.Notes.Add(warning.Text);
    }
}
