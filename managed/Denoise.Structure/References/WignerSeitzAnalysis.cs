using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Structure.Analyses;

namespace Denoise.Structure.References;

/// <summary>
/// Point defects by Wigner-Seitz cells: every atom belongs to the site of the reference that it is nearest to. Sites without an atom are
/// vacancies, every atom of a site but one is an interstitial, and a site whose one atom is of another type is an antisite; OVITO's
/// analysis and definitions; with the number of types they are also counted by the atom's and the site's type. Every atom occupies its site, selected or not: a selection only chooses what is shown. Of equally near
/// sites the one of the lowest id is taken.
/// </summary>
public sealed unsafe class WignerSeitzAnalysis : IAnalysis
{
    /// <summary>By which users name it.</summary>
    public static AnalysisKind Kind { get; } = new("wigner-seitz",
        $"wigner-seitz[:{ReferenceConfiguration.Usage}][,{CellMapping.Usage}][,types=N]",
        "vacancies, interstitials and antisites by the sites of a reference (the first frame)", Create);

    private const int Grain = 1 << 11;
    private const int MostTypes = 16;

    private readonly WorkerPool _pool;
    private readonly ReferenceConfiguration _reference;
    private readonly bool _isAffine;
    private readonly SiteGrid _grid = new();
    private readonly NativeBuffer<int> _sites = new();
    private readonly NativeBuffer<long> _occupancies = new();
    private readonly int _types;

    // All, and by [type of the atom, type of the site] from 1.
    private readonly long[] _antisites;
    private readonly Action _assign;
    private readonly WorkerPool.Body _assignSome;

    private AnalysisContext _context = null!;
    private CellMapping _mapping;
    private bool _hasGrid;

    internal WignerSeitzAnalysis(WorkerPool pool, ReferenceConfiguration reference, bool isAffine, int types)
    {
        (_pool, _reference, _isAffine, _types) = (pool, reference, isAffine, types);
        _antisites = new long[1 + types * types];
        List<AnalysisGlobal> globals =
        [
            new("vacancies", ColumnKind.Integer), new("interstitials", ColumnKind.Integer), new("antisites", ColumnKind.Integer),
        ];
        for (int type = 1; type <= types; type++)
            for (int site = 1; site <= types; site++)
                if (site != type)
                    globals.Add(new($"antisites_{type}_on_{site}", ColumnKind.Integer));
        Globals = globals;
        (_assign, _assignSome) = (Assign, Assign);
    }

    public IReadOnlyList<AnalysisColumn> Columns { get; } =
    [
        new("site", ColumnKind.Integer), new("site_type", ColumnKind.Integer), new("site_occupancy", ColumnKind.Integer, "Occupancy"),
    ];

    public IReadOnlyList<AnalysisGlobal> Globals { get; }

    public double Cutoff => 0;

    public FrameMemory Memory => _reference.Memory;

    public void Run(AnalysisContext context)
    {
        _context = context;
        _reference.Require(context);
        context.Attempt(_assign);
        Replicated.Sum(context, _occupancies);
        (long vacancies, long interstitials) = (0, 0);
        foreach (long occupancy in _occupancies.Span)
        {
            vacancies += occupancy == 0 ? 1 : 0;
            interstitials += Math.Max(0, occupancy - 1);
        }

        Array.Clear(_antisites);
        for (int i = 0; i < context.Particles.LocalCount; i++)
        {
            int site = _sites[i];
            if (site < 0)
                continue;
            int type = context.AtomTypes == null ? 1 : context.AtomTypes[i];
            context.Output.Integers(0)[i] = _reference.Ids[site];
            context.Output.Integers(1)[i] = _reference.Types[site];
            context.Output.Integers(2)[i] = _occupancies[site];
            int expected = _reference.Types[site];
            if (_occupancies[site] != 1 || type == expected)
                continue;
            _antisites[0]++;
            if (Math.Min(type, expected) >= 1 && Math.Max(type, expected) <= _types)
                _antisites[1 + _types * (type - 1) + expected - 1]++;
        }

        context.Sum(_antisites);
        Span<double> globals = context.Output.Globals;
        (globals[0], globals[1], globals[2]) = (vacancies, interstitials, _antisites[0]);
        int next = 3;
        for (int pair = 0; pair < _types * _types; pair++)
            if (pair / _types != pair % _types)
                globals[next++] = _antisites[1 + pair];
    }

    public void Dispose()
    {
        _reference.Dispose();
        _grid.Dispose();
        _sites.Dispose();
        _occupancies.Dispose();
    }

    /// <summary>How many atoms each site of the reference has, in the order of the sites' ids.</summary>
    internal ReadOnlySpan<long> Occupancies => _occupancies.Span;

    private static WignerSeitzAnalysis Create(AnalysisArguments arguments, AnalysisServices services)
    {
        bool isAffine = CellMapping.IsAffine(arguments);
        int types = arguments.Integer("types", 1, 1, MostTypes);
        return new(services.Pool, new("wigner-seitz", arguments, services), isAffine, types);
    }

    private void Assign()
    {
        if (!_hasGrid)
            _grid.Build(_reference.Positions, _reference.Count, _reference.Box, 0);
        _hasGrid = true;
        _mapping = new(_context.Box!, _reference.Box, _isAffine);
        int count = _context.Particles.LocalCount;
        _sites.Resize(count);
        _pool.Run(count, Grain, _assignSome);
        _occupancies.Resize(_reference.Count);
        _occupancies.Clear();
        for (int i = 0; i < count; i++)
            if (_sites[i] >= 0)
                _occupancies[_sites[i]]++;
    }

    private void Assign(int begin, int end, int worker)
    {
        for (int i = begin; i < end; i++)
        {
            double* r = _context.Particles.Positions + 3L * i;
            _sites[i] = _grid.Nearest(_mapping.Position(new(r[0], r[1], r[2])));
        }
    }
}
