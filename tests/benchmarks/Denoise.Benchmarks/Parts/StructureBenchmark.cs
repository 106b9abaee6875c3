using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Structure;

namespace Denoise.Benchmarks;

/// <summary>An identifier, its neighbor search included, on a rattled crystal.</summary>
/// <param name="name">of the identifier</param>
/// <param name="crystal">of the atoms</param>
/// <param name="reach">Å; distance within which it must search</param>
/// <param name="bonds">pairs of neighbors of an atom that it tests for a bond</param>
/// <param name="atoms">about this many</param>
/// <param name="threads">that work</param>
/// <param name="create">makes it</param>
internal sealed unsafe class StructureBenchmark(
    string name, Crystal crystal, double reach, int bonds, int atoms, int threads, Func<WorkerPool, IStructureIdentifier> create)
    : Benchmark
{
    private const double PerDistance = 8;

    private const double Range = 6;

    private readonly WorkerPool _pool = new(threads);
    private readonly GhostShell _shell = new();
    private readonly NativeBuffer<int> _types = new();
    private IStructureIdentifier? _identifier;

    public static StructureBenchmark Fixed(Crystal crystal, int atoms, int threads) => new("cna", crystal, crystal.CnaCutoff,
        crystal.Bonds, atoms, threads, pool => new CommonNeighborAnalysis(pool, crystal.CnaCutoff));

    /// <summary>The 14 nearest lie within a lattice constant in both crystals; bcc is looked for where the 12 nearest are not fcc.</summary>
    public static StructureBenchmark Adaptive(Crystal crystal, int atoms, int threads) => new("adaptive-cna", crystal, crystal.Lattice,
        Crystal.Fcc.Bonds + (crystal == Crystal.Bcc ? crystal.Bonds : 0), atoms, threads,
        pool => new AdaptiveCommonNeighborAnalysis(pool));

    public override string Name => $"{name} {crystal.Name}";

    public override long Atoms => _shell.LocalCount;

    public override long MemoryBytes => _identifier!.MemoryBytes;

    /// <summary>A distance for each atom in the 27 cells around an atom and for each possible bond; positions in, types out.</summary>
    public override Work? Work => new(PerDistance * (27 * Math.Pow(reach, 3) * crystal.Density + bonds), 24 + 4);

    public override string Result
    {
        get
        {
            int[] counts = new int[5];
            foreach (int type in _types.Span)
                counts[type]++;
            return string.Join(", ", counts.Select((count, type) => $"{(StructureType)type} {(double)count / Atoms:p1}"));
        }
    }

    public override void Prepare()
    {
        var (positions, box) = crystal.Rattled(atoms);
        fixed (double* r = positions)
            _shell.Build(r, positions.Length / 3, box, Range);
        _types.Resize(_shell.LocalCount);
        _identifier = create(_pool);
    }

    public override void Run() => _identifier!.Identify(_shell.View, Range, _types.Pointer);

    public override void Dispose()
    {
        _identifier?.Dispose();
        _types.Dispose();
        _shell.Dispose();
        _pool.Dispose();
    }
}
