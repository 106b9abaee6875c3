using Denoise.Atoms;
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
    private readonly List<Array> _kept = [];

    public AnalysisFrame(string analysis, int threads = 1, Func<string, Frame>? read = null, string[]? classes = null)
    {
        _pool = new(threads);
        _grid = new(_pool);
        _context = new(_pool, _grid, SerialCommunicator.Instance);
        _analysis = AnalysisCatalog.Create(analysis, 1, new(_pool, _grid) { ReadReference = read, Classes = classes }, out _);
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
    /// <param name="selection">[count] non-zero: selected; null: all</param>
    /// <param name="tellsBox">whether the analysis is told the box</param>
    public AnalysisFrame Run(Lattice lattice, double nearestRange = 7, int[]? types = null, long[]? ids = null, int[]? structures = null,
        int[]? selection = null, bool tellsBox = true)
    {
        double range = Math.Max(nearestRange, _analysis.Cutoff);
        double[] positions = [.. lattice.Positions.SelectMany(r => (double[])[r.X, r.Y, r.Z])];
        fixed (double* r = positions)
            _shell.Build(r, lattice.Positions.Length, lattice.Box, range);
        int[] owners = [.. Enumerable.Range(0, lattice.Positions.Length), .. _shell.Owners.Span];
        _context.Show(_shell.View);
        (_context.Range, _context.NearestRange, _context.Typical) = (range, nearestRange, nearestRange / 1.75);
        _context.AtomTypes = Keep(types, owner => types![owner]);
        _context.Ids = Keep(owners, owner => ids?[owner] ?? owner + 1);
        _context.StructureTypes = Keep(structures, owner => structures![owner]);
        _context.Selection = Keep(selection, owner => selection![owner]);
        (_context.Box, _context.Halo, _context.Output) = (tellsBox ? lattice.Box : null, new ShellHalo(_shell), _output);
        _kept.RemoveRange(0, Math.Max(0, _kept.Count - 4));
        Again();
        return this;

        T* Keep<T>(int[]? values, Func<int, T> value)
            where T : unmanaged
        {
            T[] pinned = GC.AllocateArray<T>(owners.Length + 1, pinned: true);
            _kept.Add(pinned);
            for (int k = 0; values is not null && k < owners.Length; k++)
                pinned[k] = value(owners[k]);
            return values is null ? null : (T*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);
        }
    }

    /// <summary>Runs it on the same atoms once more.</summary>
    public void Again()
    {
        _output.Resize(_context.Particles.LocalCount);
        _analysis.Run(_context);
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
