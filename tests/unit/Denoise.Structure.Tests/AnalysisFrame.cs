using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Neighbors.Cells;
using Denoise.Parallel;
using Denoise.Structure.Analyses;

namespace Denoise.Structure.Tests;

/// <summary>Runs analyses, named as users name them, on the atoms of a box on one process.</summary>
internal sealed unsafe class AnalysisFrame : IDisposable
{
    private readonly WorkerPool _pool;
    private readonly CellGrid _grid;
    private readonly GhostShell _shell = new();
    private readonly AnalysisContext _context;
    private readonly IAnalysis _analysis;
    private readonly AnalysisOutput _output;

    public AnalysisFrame(string analysis, int threads = 1)
    {
        _pool = new(threads);
        _grid = new(_pool);
        _context = new(_pool, _grid, SerialCommunicator.Instance);
        _analysis = AnalysisCatalog.Create(analysis, 1, new(_pool, _grid), out _);
        _output = new(_analysis);
    }

    public IAnalysis Analysis => _analysis;

    public AnalysisContext Context => _context;

    /// <summary>Runs it on a lattice; results are read by name.</summary>
    /// <param name="lattice">atoms</param>
    /// <param name="nearestRange">Å</param>
    /// <param name="types">[count] atom types from 1; null: all 1</param>
    /// <param name="ids">[count]; null: 1, 2, ...</param>
    /// <param name="structures">[count] structure types that the session would have found; null: none</param>
    public AnalysisFrame Run(
        Lattice lattice, double nearestRange = 7, int[]? types = null, long[]? ids = null, int[]? structures = null)
    {
        double range = Math.Max(nearestRange, _analysis.Cutoff);
        double[] positions = [.. lattice.Positions.SelectMany(r => (double[])[r.X, r.Y, r.Z])];
        fixed (double* r = positions)
            _shell.Build(r, lattice.Positions.Length, lattice.Box, range);
        int[] owners = [.. Enumerable.Range(0, lattice.Positions.Length), .. _shell.Owners.Span];
        int[]? allTypes = types is null ? null : [.. owners.Select(owner => types[owner])];
        long[] allIds = [.. owners.Select(owner => ids?[owner] ?? owner + 1)];
        fixed (int* t = allTypes)
        fixed (long* i = allIds)
        fixed (int* s = structures)
        {
            _context.Show(_shell.View);
            (_context.Range, _context.NearestRange) = (range, nearestRange);
            _context.AtomTypes = t;
            _context.Ids = i;
            _context.StructureTypes = s;
            (_context.Box, _context.Halo, _context.Output) = (lattice.Box, new ShellHalo(_shell), _output);
            _output.Resize(lattice.Positions.Length);
            _analysis.Run(_context);
        }

        return this;
    }

    /// <summary>[count] a column as reals.</summary>
    public double[] Column(string name)
    {
        int column = _analysis.Columns.ToList().FindIndex(c => c.Name == name);
        Assert.True(column >= 0, $"{name} is none of {string.Join(", ", _analysis.Columns.Select(c => c.Name))}");
        return [.. Enumerable.Range(0, _output.Raw(column).Length).Select(atom => _output.RealAt(column, atom))];
    }

    public double Global(string name)
    {
        int global = _analysis.Globals.ToList().FindIndex(g => g.Name == name);
        Assert.True(global >= 0, $"{name} is none of {string.Join(", ", _analysis.Globals.Select(g => g.Name))}");
        return _output.Globals[global];
    }

    public void Dispose()
    {
        _analysis.Dispose();
        _output.Dispose();
        _context.Dispose();
        _shell.Dispose();
        _grid.Dispose();
        _pool.Dispose();
    }
}
