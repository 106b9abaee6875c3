using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;

namespace Denoise.Benchmarks;

/// <summary>The search for the 14 nearest neighbors alone: what adaptive common neighbor analysis does not spend on signatures.</summary>
internal sealed unsafe class NearestNeighborBenchmark(Crystal crystal, int atoms, int threads) : Benchmark
{
    private const double Range = 6;

    private readonly WorkerPool _pool = new(threads);
    private readonly GhostShell _shell = new();
    private readonly NativeBuffer<float> _nearest = new();
    private NearestNeighborFinder<Visitor>? _finder;

    public override string Name => $"nearest {crystal.Name}";

    public override long Atoms => _shell.LocalCount;

    public override long MemoryBytes => _finder!.MemoryBytes;

    public override string Result
    {
        get
        {
            double sum = 0;
            foreach (float distance in _nearest.Span)
                sum += distance;
            return $"nearest at {sum / Atoms:f4} Å on average";
        }
    }

    public override void Prepare()
    {
        var (positions, box) = crystal.Rattled(atoms);
        fixed (double* r = positions)
            _shell.Build(r, positions.Length / 3, box, Range);
        _nearest.Resize(_shell.LocalCount);
        _finder = new(_pool);
    }

    public override void Run() => _finder!.Run(_shell.View, 15, 14, Range, new(_nearest.Pointer));

    public override void Dispose()
    {
        _finder?.Dispose();
        _nearest.Dispose();
        _shell.Dispose();
        _pool.Dispose();
    }

    private readonly struct Visitor(float* nearest) : INearestVisitor
    {
        public bool Visit(int atom, in NearestNeighbors found, int worker)
        {
            nearest[atom] = (float)Math.Sqrt(found.Squares[0]);
            return found.Count >= 14;
        }
    }
}
