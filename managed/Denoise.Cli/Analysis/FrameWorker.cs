using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Cli.Input;
using Denoise.Cli.Selection;
using Denoise.InSitu;
using Denoise.Neighbors;
using Denoise.Networks.Checkpoints;
using Denoise.Networks.Models;
using Denoise.Structure.Analyses;
using Denoise.Trajectories;

namespace Denoise.Cli.Analysis;

/// <summary>
/// Does with a frame what was asked for: denoises and identifies it, runs the analyses, and puts what they found into its columns. One
/// process alone, or all together on the atoms of the first.
/// </summary>
internal sealed unsafe class FrameWorker : IDisposable
{
    // What an output always has, whatever columns are asked for.
    private static readonly string[] AlwaysWritten = ["id", "type", "element", "x", "y", "z"];

    private readonly AnalysisOptions _options;
    private readonly Ranks _ranks;
    private readonly Action<Warning> _warn;
    private readonly IFrameAnalyzer _analyzer;
    private readonly IModel? _model;
    private readonly SpeciesAssignment _species;
    private readonly AtomSelection? _selection;
    private readonly LocalSpacing _spacing = new();
    private readonly NativeBuffer<long> _rows = new();

    // Columns that there could be, for messages.
    private readonly List<string> _results = [];

    // Read by whoever reads frames, with the first.
    private Topology? _topology;

    private Session? _session;
    private double _sessionUnit;
    private int[] _sessionSpecies = [];
    private int[] _frameSpecies = [];

    /// <param name="options">equal on all processes</param>
    /// <param name="ranks">those that work together</param>
    /// <param name="model">null: atoms stay where they are</param>
    /// <param name="warn">told of what is odd</param>
    /// <exception cref="InputException">what was asked for cannot be</exception>
    public FrameWorker(AnalysisOptions options, Ranks ranks, IModel? model, Action<Warning> warn)
    {
        (_options, _ranks, _model, _warn) = (options, ranks, model, warn);
        _species = new(model, options.Elements);
        _selection = options.Select is null ? null : new(options.Select);
        if (ranks.AreSeveral && IsTold)
            throw new InputException("the model is told forces, which processes cannot share out with a frame's atoms; give --split frames, " +
                "or start one process.");
        _analyzer = ranks.AreSeveral ? new DistributedAnalyzer(ranks) : new LocalAnalyzer(IsTold);
    }

    private bool IsTold => _model is NequipModel { Forces: not null };

    private bool IsIdentified => _options.Method.Kind != Classification.None;

    /// <summary>Whether atoms are denoised.</summary>
    private bool Moves => _session!.Moves;

    /// <summary>Whether atoms go anywhere, or are counted: equal on all ranks.</summary>
    private bool HasColumns => _options.Output is not null || _selection is not null;

    public static IModel? LoadModel(AnalysisOptions options, Action<Warning> warn)
    {
        if (options.Model is not { } path)
            return null;
        if (options.Engine == EngineKind.Torch)
            return TorchScriptFile.Load(path);
        Checkpoint checkpoint = Checkpoint.Load(path, options.ModelOptions);
        foreach (string overridden in checkpoint.Overridden)
            warn(new(overridden, $"{path}: {overridden}."));
        return checkpoint.CreateModel();
    }

    /// <summary>On the first rank, when a frame has been read: what all must know of it. Not collective.</summary>
    /// <param name="file">that it is from</param>
    /// <exception cref="InputException">its atoms are none that the model knows, or its box is wrong</exception>
    public FrameHeader Prepare(Frame frame, string file)
    {
        SitePattern.Apply(_options.Sites, frame, file);
        if (_options.Topology is { } path)
            (_topology ??= Topology.Load(path)).Apply(frame, file);
        TellOverridden(frame, file);
        _frameSpecies = _species.Assign(frame, file);
        Topology.NameSites(frame);
        if (IsTold && FrameForces.Columns(frame) is null)
            _warn(new("forces", $"{file}, step {frame.Step}: holds no forces, and the model is told some; it does better with columns " +
                "fx, fy and fz (extended XYZ: forces)."));
        else if (IsTold && frame.Units == "lj")
            _warn(new("forces", $"{file}, step {frame.Step}: is in lj units, in which forces have no scale, so the model is told none."));
        _analyzer.Prepare(frame);
        return new(FrameKind.Good, frame.Step, LengthUnit(frame),
            _spacing.Find(frame.Positions.Pointer, frame.Count, frame.Box), !frame.Box.AnyPeriodic, CellRecord.Of(frame.Box));
    }

    /// <summary>Collective. The frame, and what is returned, count on the first rank only.</summary>
    /// <param name="file">that it is from, for messages</param>
    public FrameSummary Work(FrameHeader header, Frame frame, string file)
    {
        Renew(header);
        FrameResult result = Analyze(header, frame, file);
        FrameSummary summary = Summary(result, frame);
        // Once per analysis: the name before the colon.
        foreach (string warning in result.Notices)
            if (_ranks.IsRoot)
                _warn(new(warning.Split(':')[0], $"step {frame.Step}: {warning}"));
        _ranks.OnRoot(() => summary = summary with { Selected = Finish(frame) });
        return summary;
    }

    public void Dispose()
    {
        _session?.Dispose();
        _analyzer.Dispose();
        _spacing.Dispose();
        _rows.Dispose();
    }

    private FrameResult Analyze(FrameHeader header, Frame frame, string file)
    {
        try
        {
            // On several ranks the analyzer sees to it that they fail together.
            FrameResult result = _ranks.AreSeveral
                ? _analyzer.Analyze(_session!, header, frame)
                : _ranks.Together(() => _analyzer.Analyze(_session!, header, frame));
            if (HasColumns)
                Collect(result, frame);
            return result;
        }
        catch (InputException failure)
        {
            throw new InputException($"{file}: {failure.Message}", failure);
        }
    }

    /// <summary>A session is for one unit of length and one table of species.</summary>
    private void Renew(FrameHeader header)
    {
        int[] species = BroadcastSpecies();
        if (_session is not null && _sessionUnit == header.LengthUnit && species.AsSpan().SequenceEqual(_sessionSpecies))
            return;
        if (_session is not null && _options.Memory != FrameMemory.None)
            _ranks.Together(() => throw new InputException(
                "an analysis compares frames with earlier ones, and this one has other units or elements; analyze them one by one."));
        (_sessionUnit, _sessionSpecies) = (header.LengthUnit, species);
        _session?.Dispose();
        _session = null;
        _session = _ranks.Together(() => new Session(
            new SessionOptions
            {
                Model = _model,
                Engine = _options.Engine,
                TorchDevice = _options.TorchDevice,
                Device = _options.Device,
                MaxIterations = _options.MaxIterations,
                Tolerance = _options.Tolerance,
                Scale = _options.Scale,
                Threads = _options.Threads ?? 1,
                Classification = _options.Method.Kind,
                CnaCutoff = _options.Method.Cutoff,
                LengthUnit = header.LengthUnit,
                MemoryLimit = _options.MemoryLimit,
                Species = species.Length == 0 ? null : species,
                Analyses = _options.Method.Analysis is { } naming ? [naming, .. _options.Analyses] : _options.Analyses,
                HasFixedOrder = true,
                ReturnsMoves = true,
            },
            _ranks.Communicator));
    }

    private int[] BroadcastSpecies()
    {
        if (!_ranks.AreSeveral)
            return _frameSpecies;
        int[] species = new int[_ranks.Broadcast(_frameSpecies.Length)];
        if (_ranks.IsRoot)
            _frameSpecies.CopyTo(species, 0);
        fixed (int* data = species)
            _ranks.Communicator.Broadcast(data, species.Length * sizeof(int), 0);
        return species;
    }

    /// <summary>Brings what was found into columns of the frame: of the analyses, then structures and displacements.</summary>
    private void Collect(FrameResult result, Frame frame)
    {
        _results.Clear();
        _results.AddRange(result.Columns.Select(column => column.Name));
        if (IsIdentified)
            _results.AddRange(Moves ? [ColumnNames.RawStructureType, ColumnNames.StructureType] : [ColumnNames.StructureType]);
        if (Moves)
            _results.Add(ColumnNames.Displacement);
        foreach (ResultColumn column in result.Columns)
            if (IsWanted(column.Name))
                Collect(frame, column.Name, column.Kind, column.OvitoName, column.Pointer);
        bool hasRaw = _options.IsFull ? IsWanted(ColumnNames.RawStructureType) : IsNamed(ColumnNames.RawStructureType);
        if (IsIdentified && Moves && hasRaw)
            Collect(frame, ColumnNames.RawStructureType, result.RawStructureTypes);
        if (IsIdentified && IsWanted(ColumnNames.StructureType))
            Collect(frame, ColumnNames.StructureType, result.StructureTypes);
        if (Moves && IsWanted(ColumnNames.Displacement))
            fixed (double* rows = result.Displacements)
                Collect(frame, ColumnNames.Displacement, ColumnKind.Real, null, (long*)rows);
    }

    private void Collect(Frame frame, string name, ReadOnlySpan<int> types)
    {
        _rows.Resize(types.Length);
        for (int i = 0; i < types.Length; i++)
            _rows[i] = types[i];
        Collect(frame, name, ColumnKind.Integer, null, _rows.Pointer);
    }

    private void Collect(Frame frame, string name, ColumnKind kind, string? ovitoName, long* rows)
    {
        long* target = null;
        if (_ranks.IsRoot)
        {
            FrameColumn column = frame.SetColumn(name, kind);
            column.OvitoName = ovitoName;
            target = column.RawPointer;
        }

        _analyzer.Collect(rows, target);
    }

    /// <summary>Whether a column is to be written, or the selection asks for it.</summary>
    private bool IsWanted(string column) => _options.Columns.Count == 0 || IsNamed(column);

    private bool IsNamed(string column) =>
        _options.Columns.Any(asked => IsOf(column, asked)) || _selection?.Names.Contains(column) == true;

    /// <summary>Whether a column is the one of that name, or a component of it.</summary>
    private static bool IsOf(string column, string asked) =>
        column.StartsWith(asked, StringComparison.Ordinal) && (column.Length == asked.Length || column[asked.Length] == '[');

    private FrameSummary Summary(FrameResult result, Frame frame) => new(
        frame.Step, frame.Count, IsIdentified ? result.Counts.ToArray() : null,
        IsIdentified && Moves ? result.RawCounts.ToArray() : null,
        result.Iterations, result.Scale, result.RmsDisplacement, _model is null ? null : result.Outside, result.Warnings)
    {
        Structures = IsIdentified ? result.Structures : [],
        Globals = [.. result.Globals.Select(global => new FrameNumber(global.Name, global.Kind == ColumnKind.Integer, global.Value))],
    };

    /// <summary>What is left to do before the frame is written; the number of selected atoms.</summary>
    private long? Finish(Frame frame)
    {
        long? selected = _selection?.Apply(frame);
        if (_options.Output is null)
            return selected;
        if (_options.Columns.Count > 0)
            frame.KeepColumns(Columns(frame));
        JoinMolecules(frame);
        NameElements(frame);
        return selected;
    }

    /// <summary>Whose molecules are known are written whole; not where atoms were left out.</summary>
    private void JoinMolecules(Frame frame)
    {
        int sites = _options.Sites.Count;
        if (sites > 1 && frame.Count % sites == 0 && _selection is null)
            WholeMolecules.Join(frame, i => i % sites == 0);
        else if (_topology?.Molecules is { } molecules && molecules.Length == frame.Count && _selection is null)
            WholeMolecules.Join(frame, i => molecules[i] != molecules[i - 1]);
    }

    private List<string> Columns(Frame frame)
    {
        List<string> names = [];
        foreach (string asked in _options.Columns)
        {
            string name = ColumnNames.OfFrame(asked);
            string[] found = [.. frame.Columns.Select(column => column.Name).Where(column => IsOf(column, name))];
            if (found.Length == 0 && !AlwaysWritten.Contains(name))
                throw new InputException($"--columns: {Quote.Of(asked)} is no column; beside {string.Join(", ", AlwaysWritten)}, which " +
                    $"are always written, there are {string.Join(", ", Known(frame))}.");
            names.AddRange(found.Where(column => !names.Contains(column)));
        }

        return names;
    }

    private IEnumerable<string> Known(Frame frame) =>
        frame.Columns.Select(column => column.Name).Union(_results).DefaultIfEmpty("none");

    /// <summary>Says once per type that the command line goes before the file.</summary>
    private void TellOverridden(Frame frame, string file)
    {
        for (int t = 0; t < _options.Elements.Count && _options.Sites.Count == 0; t++)
        {
            string given = _options.Elements[t];
            if (given != SpeciesWords.NotSeen && frame.ElementOf(t + 1) is { } said && said != given)
                _warn(new($"--elements {t}", $"--elements: atoms of type {t + 1} are taken for {given}; {file} says {said}."));
        }
    }

    /// <summary>Elements that the command line gives are those of the frame that is written.</summary>
    private void NameElements(Frame frame)
    {
        for (int t = 0; t < _options.Elements.Count; t++)
            if (_options.Elements[t] != SpeciesWords.NotSeen)
                frame.SetElement(t + 1, _options.Elements[t]);
            else if (frame.ElementOf(t + 1) is null)
                frame.SetElement(t + 1, SpeciesWords.Nameless);
    }

    /// <summary>Å per unit of length; lj has none, and scale auto needs none.</summary>
    internal static double LengthUnit(Frame frame) => frame.Units is { } units ? LammpsUnits.AngstromPerLength(units) ?? 1 : 1;
}
