using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Structure;

namespace Denoise.Benchmarks;

/// <summary>An identifier, its neighbor search included, on a rattled crystal.</summary>
internal sealed unsafe class StructureBenchmark(
    string name, Crystal crystal, int atoms, int threads, Func<WorkerPool, Crystal, IStructureIdentifier> create) : Benchmark
{
    private const double Range = 6;

    private readonly WorkerPool _pool = new(threads);
    private readonly GhostShell _shell = new();
    private readonly NativeBuffer<int> _types = new();
    private IStructureIdentifier? _identifier;

    public override string Name => $"{name} {crystal.Name}";

    public override long Atoms => _shell.LocalCount;

    public override long MemoryBytes => _identifier!.MemoryBytes;

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
        _identifier = create(_pool, crystal);
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
