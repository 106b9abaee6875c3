using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Neighbors.Cells;
using Denoise.Parallel;
using Denoise.Structure;
using Denoise.Structure.Analyses;

namespace Denoise.Benchmarks;

/// <summary>An analysis, its neighbor search included, on a rattled crystal, as a session runs it.</summary>
/// <param name="text">by which users name it</param>
/// <param name="crystal">of the atoms</param>
/// <param name="atoms">about this many</param>
/// <param name="threads">that work</param>
internal sealed unsafe class AnalysisBenchmark(string text, Crystal crystal, int atoms, int threads) : Benchmark
{
    private const double NearestRange = 6;

    private readonly WorkerPool _pool = new(threads);
    private readonly GhostShell _shell = new();
    private CellGrid _grid = null!;
    private AnalysisContext _context = null!;
    private IAnalysis _analysis = null!;
    private AnalysisOutput _output = null!;
    private int[] _structures = [];
    private long[] _ids = [];

    public override string Name => $"{text} {crystal.Name}";

    public override long Atoms => _shell.LocalCount;

    public override long MemoryBytes => 0;

    public override string Result => _analysis.Globals.Count == 0 ? "" : $"{_analysis.Globals[^1].Name} {_output.Globals[^1]:g6}";

    public override void Prepare()
    {
        _grid = new(_pool);
        _context = new(_pool, _grid, SerialCommunicator.Instance);
        _analysis = AnalysisCatalog.Create(text, 1, new(_pool, _grid), out _);
        _output = new(_analysis);
        var (positions, box) = crystal.Rattled(atoms);
        double range = Math.Max(NearestRange, _analysis.Cutoff);
        fixed (double* r = positions)
            _shell.Build(r, positions.Length / 3, box, range);
        _structures = new int[_shell.LocalCount];
        using (AdaptiveCommonNeighborAnalysis identifier = new(_pool, _grid))
            fixed (int* types = _structures)
                identifier.Identify(_shell.View, NearestRange, types);
        _ids = [.. Enumerable.Range(1, _shell.LocalCount).Concat(_shell.Owners.Span.ToArray().Select(owner => owner + 1)).Select(id => (long)id)];
        (_context.Box, _context.Halo, _context.Output) = (box, new ShellHalo(_shell), _output);
        (_context.Range, _context.NearestRange) = (range, NearestRange);
    }

    public override void Run()
    {
        fixed (int* structures = _structures)
        fixed (long* ids = _ids)
        {
            _context.Show(_shell.View);
            _context.StructureTypes = structures;
            _context.Ids = ids;
            _output.Resize(_shell.LocalCount);
            _analysis.Run(_context);
        }
    }

    public override void Dispose()
    {
        _analysis?.Dispose();
        _output?.Dispose();
        _context?.Dispose();
        _grid?.Dispose();
        _shell.Dispose();
        _pool.Dispose();
    }
}
