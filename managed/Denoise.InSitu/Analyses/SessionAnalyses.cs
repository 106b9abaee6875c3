using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.InSitu.Frames;
using Denoise.InSitu.Timing;
using Denoise.Neighbors.Cells;
using Denoise.Parallel;
using Denoise.Structure.Analyses;
using Denoise.Structure.Classes;

namespace Denoise.InSitu.Analyses;

/// <summary>The analyses of a session, in the order in which they were asked for: makes them, runs them, and files what they found.</summary>
internal sealed unsafe class SessionAnalyses : IDisposable
{
    private const int Grain = 1 << 12;

    private readonly WorkerPool _pool;
    private readonly List<SessionAnalysis> _analyses = [];
    private readonly HashSet<string> _ovitoNames = new(StringComparer.Ordinal);
    private readonly AnalysisContext _context;
    private readonly BoundedHalo _halo;
    private readonly double _lengthUnit;
    private readonly NativeBuffer<int> _types = new();
    private readonly NativeBuffer<long> _ids = new();
    private readonly NativeBuffer<int> _selection = new();
    private readonly WorkerPool.Body _file;

    private SessionAnalysis? _naming;
    private Box? _hostBox;
    private Box? _box;
    private bool _lacksIds;

    // Of the column that is filed.
    private Particles _particles = null!;
    private long* _from;
    private long* _to;

    /// <exception cref="SessionException">an analysis is not known or has wrong arguments</exception>
    /// <param name="settings">name the analyses</param>
    /// <param name="pool">threads, borrowed</param>
    /// <param name="grid">to sort atoms with, borrowed</param>
    /// <param name="communicator">the ranks</param>
    /// <param name="times">of the frame</param>
    public SessionAnalyses(SessionSettings settings, WorkerPool pool, CellGrid grid, ICommunicator communicator, StageTimes times)
    {
        SessionOptions options = settings.Options;
        (_pool, _lengthUnit, _halo, _file) = (pool, options.LengthUnit, new(times), File);
        _context = new(pool, grid, communicator, failure => Agreement.Reach(communicator, failure)) { HostPerAngstrom = 1 / _lengthUnit };
        try
        {
            HashSet<string> names = new(StringComparer.Ordinal);
            if (settings.Classification != Classification.None)
                _ovitoNames.Add("StructureType");
            AnalysisServices services = new(pool, grid)
            {
                ReadReference = path => ReferenceReader.Read(path, _lengthUnit),
                Classes = settings.Classes,
                Structures = settings.Structures,
            };
            if (settings.Classification == Classification.Model)
                Add(new ProbabilityAnalysis(pool, settings.Classes!.Count), isOfRaw: false, names);
            foreach (string text in options.Analyses)
            {
                Add(AnalysisCatalog.Create(text, _lengthUnit, services, out bool isOfRaw), isOfRaw, names);
                if (settings.Classification == Classification.Analysis && _naming is null && !isOfRaw)
                    services = TakeNames(services);
            }

            if (settings.Classification == Classification.Analysis && _naming is null)
                throw new InputException("classify: none of the analyses names atoms of the denoised positions; give one that does, such " +
                    "as map:FILE.");
        }
        catch (Exception failure)
        {
            Dispose();
            if (failure is InputException)
                throw new SessionException(SessionError.Argument, failure.Message, failure);
            throw;
        }

        Columns = [.. _analyses.SelectMany(analysis => analysis.Columns)];
        Globals = [.. _analyses.SelectMany(analysis => analysis.Globals)];
    }

    /// <summary>The analysis whose names are the session's structure types; null: they come from elsewhere.</summary>
    public IStructureNaming? Naming { get; private set; }

    public IReadOnlyList<ResultColumn> Columns { get; } = [];

    public IReadOnlyList<ResultGlobal> Globals { get; } = [];

    /// <summary>Å around owned atoms within which all others must be there.</summary>
    public double Cutoff => _analyses.Count == 0 ? 0 : _analyses.Max(analysis => analysis.Analysis.Cutoff);

    /// <summary>Values of eight bytes per atom that are exchanged at a time.</summary>
    public int ExchangeWidth => _analyses.Count == 0 ? 0 : _analyses.Max(analysis => analysis.Analysis.ExchangeWidth);

    /// <summary>Of an atom or ghost, roughly: type, id and selection, every column twice, and what is exchanged.</summary>
    public int BytesPerAtom => _analyses.Count == 0 ? 0 : 16 + 2 * sizeof(double) * Columns.Count + sizeof(double) * ExchangeWidth;

    /// <summary>Whether any asks for what the network names.</summary>
    public bool AskForLogits => _analyses.Exists(analysis => analysis.Analysis is ClassAnalysis);

    /// <summary>Whether any is of the positions before, or after, denoising.</summary>
    public bool Any(bool ofRaw)
    {
        foreach (SessionAnalysis analysis in _analyses)
            if (analysis.IsOfRaw == ofRaw)
                return true;
        return false;
    }

    /// <summary>What analyses see of a frame beside the positions. May fail; not collective.</summary>
    public void Take(in FrameInput frame, Particles particles)
    {
        if (_analyses.Count == 0)
            return;
        _context.Step = frame.Step;
        _context.Box = InAngstrom(frame.Box ?? frame.Cell);
        _types.Resize(particles.Count + 1);
        _ids.Resize(particles.Count + 1);
        _selection.Resize(particles.LocalCount + 1);
        for (int i = 0; i < particles.Count; i++)
        {
            int row = particles.FrameRow(i);
            _types[i] = frame.Types.Length == 0 ? 1 : frame.Types[row];
            _ids[i] = frame.Ids.Length == 0 ? row + 1 : frame.Ids[row];
            if (i < particles.LocalCount)
                _selection[i] = frame.Selection.Length == 0 ? 1 : frame.Selection[row];
        }

        _context.AtomTypes = _types.Pointer;
        _context.Selection = _selection.Pointer;
        _lacksIds = frame.Ids.Length == 0 && particles.Count > 0;
    }

    /// <summary>Shows the atoms of a frame, or moved ones. Collective.</summary>
    /// <param name="particles">of the frame, in Å</param>
    /// <param name="range">Å within which all neighbors are there</param>
    /// <param name="nearestRange">Å within which the nearest are sought</param>
    /// <param name="typical">Å, typical distance of neighbors; 0: unknown</param>
    public void Show(Particles particles, double range, double nearestRange, double typical)
    {
        _context.Show(particles.View);
        _context.Ids = HaveIds() ? _ids.Pointer : null;
        (_context.Range, _context.NearestRange, _context.Typical) = (range, nearestRange, typical);
    }

    /// <summary>Structure types by the analysis that names. Collective.</summary>
    /// <param name="particles">that are shown</param>
    /// <param name="types">[nLocal] receives them</param>
    public void Name(Particles particles, NativeBuffer<int> types)
    {
        Run(particles, _naming!);
        long* names = _naming!.Output.Integers(0);
        for (int i = 0; i < particles.LocalCount; i++)
            types[i] = (int)names[i];
    }

    /// <summary>Runs those of the positions before, or after, denoising, which are shown. Collective.</summary>
    /// <param name="particles">that are shown</param>
    /// <param name="ofRaw">which</param>
    /// <param name="structures">[nLocal] structure types</param>
    /// <param name="areIdentified">whether there are such</param>
    /// <param name="logits">[nLocal, classes] of the network; null: there are none</param>
    public void Run(Particles particles, bool ofRaw, NativeBuffer<int> structures, bool areIdentified, float* logits)
    {
        int* notNull = structures.Length > 0 ? structures.Pointer : _selection.Pointer;
        _context.StructureTypes = areIdentified ? notNull : null;
        _context.Logits = logits;
        foreach (SessionAnalysis analysis in _analyses)
            if (analysis.IsOfRaw == ofRaw && analysis != _naming)
                Run(particles, analysis);
    }

    /// <summary>Sorts what was found into the rows of the frame, and gathers what there is to be said.</summary>
    public void File(in FrameInput frame, Particles particles, List<string> warnings)
    {
        _particles = particles;
        foreach (SessionAnalysis analysis in _analyses)
        {
            for (int k = 0; k < analysis.Columns.Length; k++)
            {
                NativeBuffer<long> rows = analysis.Columns[k].Rows;
                rows.Resize(frame.LocalCount);
                rows.Clear();
                fixed (long* from = analysis.Output.Raw(k))
                {
                    _from = from;
                    _to = rows.Pointer;
                    _pool.Run(particles.LocalCount, Grain, _file);
                }
            }

            for (int k = 0; k < analysis.Globals.Length; k++)
                analysis.Globals[k].Value = analysis.Output.Globals[k];
            if (analysis.Analysis.Warning is { } warning)
                warnings.Add(warning);
        }
    }

    public void Dispose()
    {
        foreach (SessionAnalysis analysis in _analyses)
            analysis.Dispose();
        _context.Dispose();
        _types.Dispose();
        _ids.Dispose();
        _selection.Dispose();
    }

    private void Run(Particles particles, SessionAnalysis analysis)
    {
        _halo.Attach(particles.Halo, analysis.Analysis.ExchangeWidth);
        (_context.Halo, _context.Output) = (_halo, analysis.Output);
        analysis.Output.Resize(particles.LocalCount);
        analysis.Analysis.Run(_context);
    }

    /// <summary>
    /// Whether atoms have numbers: what a rank without atoms cannot tell. Where there is one rank, rows are numbers enough. Collective.
    /// </summary>
    private bool HaveIds()
    {
        if (_context.Communicator.Size == 1)
            return true;
        Span<double> lacking = [_lacksIds ? 1 : 0];
        _context.Communicator.AllReduceMax(lacking);
        return lacking[0] == 0;
    }

    /// <summary>The session's structure types are those of the analysis that was just added, if it names atoms.</summary>
    private AnalysisServices TakeNames(AnalysisServices services)
    {
        if (_analyses[^1].Analysis is not IStructureNaming naming)
            return services;
        (_naming, Naming) = (_analyses[^1], naming);
        return services with { Structures = naming.Structures };
    }

    /// <summary>Names are unique: of two equal analyses the second's end in _2.</summary>
    private void Add(IAnalysis analysis, bool isOfRaw, HashSet<string> names)
    {
        for (int number = 1; ; number++)
        {
            string suffix = (isOfRaw ? "raw" : "") + (number == 1 ? "" : isOfRaw ? $"_{number}" : $"{number}");
            string[] wanted = [.. analysis.Columns.Select(column => AnalysisNames.WithSuffix(column.Name, suffix)),
                .. analysis.Globals.Select(global => "global " + AnalysisNames.WithSuffix(global.Name, suffix))];
            if (wanted.Any(names.Contains))
                continue;
            names.UnionWith(wanted);
            _analyses.Add(new(analysis, isOfRaw, suffix, _ovitoNames));
            return;
        }
    }

    private void File(int begin, int end, int worker)
    {
        for (int i = begin; i < end; i++)
            if (_context.IsSelected(i))
                _to[_particles.Rows[i]] = _from[i];
    }

    /// <summary>Kept while the host's does not change, because frames must not allocate.</summary>
    private Box? InAngstrom(Box? host)
    {
        if (host is null || _lengthUnit == 1)
            return host;
        if (_box is null || !host.Equals(_hostBox))
            (_hostBox, _box) = (host, host.Scaled(_lengthUnit));
        return _box;
    }
}
