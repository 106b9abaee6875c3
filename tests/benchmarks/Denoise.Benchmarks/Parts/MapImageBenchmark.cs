using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Networks.Maps;

namespace Denoise.Benchmarks;

/// <summary>Images of neighborhoods with the search for their atoms, without the network that names them.</summary>
/// <param name="crystal">of the atoms</param>
/// <param name="atoms">about this many</param>
internal sealed unsafe class MapImageBenchmark(Crystal crystal, int atoms) : Benchmark
{
    private readonly WorkerPool _pool = new(1);
    private readonly GhostShell _shell = new();
    private readonly MapImage _maker = new(MapSettings.Geometric);
    private readonly NativeBuffer<float> _image = new(MapSettings.Geometric.Length);
    private readonly NativeBuffer<double> _sum = new(1);
    private NearestNeighborFinder<Visitor>? _finder;
    private double _unit;

    public override string Name => $"map images {crystal.Name}";

    public override long Atoms => _shell.LocalCount;

    public override long MemoryBytes => _finder!.MemoryBytes;

    public override string Result => $"first values {_sum[0] / Atoms:f4} on average";

    public override void Prepare()
    {
        var (positions, box) = crystal.Rattled(atoms);
        // Close enough to what a session measures: the volume of an atom of fcc, whose neighbors are at 2^(1/6) V^(1/3).
        _unit = 1.15 * Math.Cbrt(box.Volume / (positions.Length / 3));
        fixed (double* r = positions)
            _shell.Build(r, positions.Length / 3, box, MapSettings.UsualReach * _unit);
        _finder = new(_pool);
    }

    public override void Run()
    {
        _sum[0] = 0;
        _finder!.Run(_shell.View, MapSettings.MostInBall, MapSettings.Size, MapSettings.UsualReach * _unit,
            new(_maker, _unit, _image.Pointer, _sum.Pointer));
    }

    public override void Dispose()
    {
        _finder?.Dispose();
        _maker.Dispose();
        _image.Dispose();
        _sum.Dispose();
        _shell.Dispose();
        _pool.Dispose();
    }

    private readonly struct Visitor(MapImage maker, double unit, float* image, double* sum) : INearestVisitor
    {
        public bool Visit(int atom, in NearestNeighbors nearest, int worker)
        {
            if (!nearest.IsFinal && nearest.Count < MapSettings.MostInBall)
                return false;
            maker.Fill(nearest, unit, 0, null, image, MapSettings.Size);
            *sum += *image;
            return true;
        }
    }
}
