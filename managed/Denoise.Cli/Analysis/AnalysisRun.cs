using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Cli.CommandLine;
using Denoise.Cli.Output;
using Denoise.InSitu;
using Denoise.Neighbors;
using Denoise.Networks.Checkpoints;
using Denoise.Networks.Models;
using Denoise.Trajectories;

namespace Denoise.Cli.Analysis;

/// <summary>
/// Reads a file frame by frame, denoises and identifies each, reports it, and writes it where asked. The first rank has the files;
/// all ranks work. Memory is that of the largest frame.
/// </summary>
internal sealed class AnalysisRun : IDisposable
{
    private readonly AnalysisOptions _options;
    private readonly Ranks _ranks;
    private readonly IFrameReport _report;
    private readonly ProgressBar _progress;
    private readonly IFrameAnalyzer _analyzer;
    private readonly Frame _frame = new();
    private readonly LocalSpacing _spacing = new();
    private readonly NativeBuffer<int> _codes = new();
    private readonly NativeBuffer<int> _types = new();
    private readonly NativeBuffer<double>? _displacements;
    private readonly RunWarnings _warnings = new();
    private readonly HashSet<int> _overridden = [];

    private TrajectoryReader? _reader;
    private int _warningsTold;
    private OutputFile? _output;
    private NequipModel? _model;
    private SpeciesAssignment? _species;
    private Session? _session;

    public AnalysisRun(AnalysisOptions options, Ranks ranks, IFrameReport report, ProgressBar progress)
    {
        (_options, _ranks, _report, _progress) = (options, ranks, report, progress);
        _analyzer = ranks.AreSeveral ? new DistributedAnalyzer(ranks) : new LocalAnalyzer();
        if (options.Output is not null && options.Model is not null)
            _displacements = new();
    }

    /// <exception cref="InputException">anything wrong with the files, the model or the atoms; then no output file is left</exception>
    public void Run()
    {
        _ranks.Together(Open);
        while (true)
        {
            FrameHeader header = default;
            _ranks.OnRoot(() => header = ReadNext());
            header = _ranks.Broadcast(header);
            if (header.IsEnd)
                break;
            _session ??= _ranks.Together(() => CreateSession(header.LengthUnit));
            FrameResult result = Analyze(header);
            _ranks.OnRoot(() => Deliver(result));
        }

        _ranks.OnRoot(() =>
        {
            _progress.Clear();
            _output?.Complete();
            foreach (string line in _warnings.Lines())
                Tell(line);
            _report.End();
        });
    }

    public void Dispose()
    {
        _progress.Clear();
        _session?.Dispose();
        _output?.Dispose();
        _reader?.Dispose();
        _analyzer.Dispose();
        _frame.Dispose();
        _spacing.Dispose();
        _codes.Dispose();
        _types.Dispose();
        _displacements?.Dispose();
    }

    private void Open()
    {
        if (_ranks.IsRoot)
        {
            // Before hours of work: is the name of the output one that can be written?
            if (_options.Output is { } output)
            {
                _ = TrajectoryWriter.FormatOf(output);
                OutputRules.CheckFrames(output, _options.Inputs, _options.Force);
            }

            _reader = TrajectoryReader.Open(_options.Input);
        }

        if (_options.Model is { } path)
            _model = LoadModel(path);
        _species = new(_model, _options.Elements);
        if (_ranks.IsRoot && _options.Output is { } path2)
            _output = new(path2);
    }

    private NequipModel LoadModel(string path)
    {
        Checkpoint checkpoint = Checkpoint.Load(path, _options.ModelOptions);
        if (_ranks.IsRoot)
            foreach (string overridden in checkpoint.Overridden)
                Tell($"{path}: {overridden}.");
        return checkpoint.CreateModel();
    }

    private FrameHeader ReadNext()
    {
        if (_reader!.FramesRead > 0)
            _progress.Show(_reader.Progress, _reader.FramesRead);
        if (!TryRead())
            return new(IsEnd: true, 0, 0, 0, false);
        _progress.Begin(_reader.FramesRead, _frame.Count);
        TellOverridden();
        _species!.Assign(_frame, _options.Input, _codes);
        _analyzer.Prepare(_frame);
        return new(IsEnd: false, _frame.Step, LengthUnit(), Spacing(), !_frame.Box.AnyPeriodic);
    }

    private unsafe double Spacing() => _spacing.Find(_frame.Positions.Pointer, _frame.Count, _frame.Box);

    /// <summary>Reads the next frame and tells what is odd about it, also where it cannot be read.</summary>
    private bool TryRead()
    {
        try
        {
            return _reader!.Read(_frame);
        }
        finally
        {
            for (; _warningsTold < _reader!.Warnings.Count; _warningsTold++)
                Tell(_reader.Warnings[_warningsTold]);
        }
    }

    private void Tell(string warning)
    {
        _progress.Clear();
        DenoiseCommand.Warn(warning);
        _report.CountWarning();
    }

    /// <summary>Says once per type that the command line goes before the file.</summary>
    private void TellOverridden()
    {
        for (int t = 0; t < _options.Elements.Count; t++)
        {
            string given = _options.Elements[t];
            if (given != SpeciesWords.NotSeen && _frame.ElementOf(t + 1) is { } said && said != given && _overridden.Add(t))
                Tell($"--elements: atoms of type {t + 1} are taken for {given}; {_options.Input} says {said}.");
        }
    }

    /// <summary>Elements that the command line gives are those of the frame that is written.</summary>
    private void NameElements()
    {
        for (int t = 0; t < _options.Elements.Count; t++)
            if (_options.Elements[t] != SpeciesWords.NotSeen)
                _frame.SetElement(t + 1, _options.Elements[t]);
            else if (_frame.ElementOf(t + 1) is null)
                _frame.SetElement(t + 1, SpeciesWords.Nameless);
    }

    /// <summary>Å per unit of length; lj has none, and scale auto needs none.</summary>
    private double LengthUnit() => _frame.Units is { } units ? LammpsUnits.AngstromPerLength(units) ?? 1 : 1;

    private Session CreateSession(double lengthUnit) => new(
        new SessionOptions
        {
            Model = _model,
            MaxIterations = _options.MaxIterations,
            Tolerance = _options.Tolerance,
            Scale = _options.Scale,
            Threads = _options.Threads ?? (_ranks.AreSeveral ? 1 : Environment.ProcessorCount),
            Classification = _options.Method.Kind,
            CnaCutoff = _options.Method.Cutoff,
            LengthUnit = lengthUnit,
            MemoryLimit = _options.MemoryLimit,
            Species = _species!.SpeciesOfCodes,
        },
        _ranks.Communicator);

    private FrameResult Analyze(FrameHeader header)
    {
        try
        {
            // On several ranks the analyzer sees to it that they fail together.
            return _ranks.AreSeveral
                ? _analyzer.Analyze(_session!, header, _frame, _codes, _types, _displacements)
                : _ranks.Together(() => _analyzer.Analyze(_session!, header, _frame, _codes, _types, _displacements));
        }
        catch (InputException failure)
        {
            throw new InputException($"{_options.Input}: {failure.Message}", failure);
        }
    }

    private void Deliver(FrameResult result)
    {
        bool identified = _options.Method.Kind != Classification.None;
        if (_output is not null)
        {
            if (identified)
            {
                Span<long> column = _frame.SetColumn(ColumnNames.StructureType, ColumnKind.Integer).Integers;
                for (int i = 0; i < column.Length; i++)
                    column[i] = _types[i];
            }

            _displacements?.Span.CopyTo(_frame.SetColumn(ColumnNames.Displacement, ColumnKind.Real).Reals);
            NameElements();
            _output.Write(_frame);
        }

        _progress.Clear();
        _report.Add(new(
            _frame.Step, _frame.Count, identified ? result.Counts.ToArray() : null,
            identified && _model is not null ? result.RawCounts.ToArray() : null,
            result.Iterations, result.Scale, result.RmsDisplacement, _model is null ? null : result.Outside, result.Warnings));
        _warnings.Add(_frame.Step, result);
    }
}
