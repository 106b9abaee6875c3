using Denoise.Atoms.Threading;
using Denoise.Neighbors;

namespace Denoise.Benchmarks;

/// <summary>Cutoff neighbor list of a rattled crystal; the cutoff gives about 13 neighbors.</summary>
internal sealed unsafe class NeighborListBenchmark(Crystal crystal, int atoms, int threads) : Benchmark
{
    private readonly WorkerPool _pool = new(threads);
    private readonly GhostShell _shell = new();
    private readonly NeighborList _list = new();
    private NeighborListBuilder? _builder;

    public override string Name => $"neighbor-list {crystal.Name}";

    public override long Atoms => _shell.LocalCount;

    public override long MemoryBytes =>
        _builder!.MemoryBytes + _list.MemoryBytes;

    /// <summary>A test of 8 operations for each of the 27 cells of cutoff width around an atom; positions in, pairs out.</summary>
    public override Work? Work => new(8 * 27 * Math.Pow(Cutoff, 3) * crystal.Density, 24 + 12 + 4.0 * _list.PairCount / _list.AtomCount);

    public override string Result => $"{(double)_list.PairCount / _list.AtomCount:f2} neighbors per atom";

    // 1.19 nearest distances in fcc (12 and a few of the second shell), 1.20 lattice constants in bcc (14).
    private double Cutoff => crystal == Crystal.Fcc ? 3.2 : 1.2 * crystal.Lattice;

    public override void Prepare()
    {
        var (positions, box) = crystal.Rattled(atoms);
        fixed (double* r = positions)
            _shell.Build(r, positions.Length / 3, box, Cutoff);
        _builder = new NeighborListBuilder(_pool);
    }

    public override void Run() => _builder!.Build(_shell.View, Cutoff, _list);

    public override void Dispose()
    {
        _builder?.Dispose();
        _list.Dispose();
        _shell.Dispose();
        _pool.Dispose();
    }
}
