using System.Globalization;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Networks.Engines.Simd;
using Denoise.Parallel;

namespace Denoise.Benchmarks;

/// <summary>
/// One evaluation of a score network on a rattled fcc crystal, neighbor list with skin given. The engine alone; its halo is that
/// of one process.
/// </summary>
/// <param name="network">the network, and the crystal of which the edges are</param>
/// <param name="width">of the vectors</param>
/// <param name="atoms">about this many</param>
/// <param name="threads">that work</param>
internal sealed unsafe class NetworkBenchmark(MeasuredNetwork network, SimdWidth width, int atoms, int threads) : Benchmark
{
    // Å; what a list that serves several iterations holds more.
    private const double Skin = 0.4;

    private readonly WorkerPool _pool = new(threads);
    private readonly GhostShell _shell = new();
    private readonly NeighborList _list = new();
    private SimdEngine? _engine;
    private ShellHalo? _halo;
    private int[] _species = [];
    private float[] _output = [];
    private double[] _layerSeconds = [];

    public override string Name => $"network {network.Name} {(int)width}";

    public override long Atoms => _shell.LocalCount;

    public override long MemoryBytes => _engine!.MemoryBytes;

    public override Work? Work => NetworkWork.Count(network.Model, CountEdges(), ListedPerAtom);

    public override string Result => string.Create(CultureInfo.InvariantCulture,
        $"{CountEdges():f1} edges of {ListedPerAtom:f1} listed; layers {Layers} ns per atom");

    private string Layers =>
        string.Join(" + ", LayerNanoseconds.Select(time => time.ToString("f0", CultureInfo.InvariantCulture)));

    public override IEnumerable<(string Key, object? Value)> Details =>
        LayerNanoseconds.Select((time, layer) => ($"layer_{layer + 1}_ns_per_atom", (object?)time));

    /// <summary>Of each layer the shortest wall time.</summary>
    private IEnumerable<double> LayerNanoseconds => _layerSeconds.Select(seconds => 1e9 * seconds / Atoms);

    private double Cutoff => network.Model.Config.Cutoff;

    private double ListedPerAtom => (double)_list.PairCount / _list.AtomCount;

    public override void Prepare()
    {
        var (positions, box) = network.Crystal.Rattled(atoms);
        fixed (double* r = positions)
            _shell.Build(r, positions.Length / 3, box, Cutoff + Skin);
        using var builder = new NeighborListBuilder(_pool);
        builder.Build(_shell.View, Cutoff + Skin, _list);
        int local = _shell.LocalCount;
        _species = [.. Enumerable.Range(0, _shell.View.Count)
            .Select(i => (i < local ? i : _shell.Owners[i - local]) % network.Model.SpeciesCount)];
        _output = new float[3 * local];
        _engine = new(network.Model, _pool, width);
        _halo = new(_shell);
        _layerSeconds = new double[network.Model.Layers.Count];
        Array.Fill(_layerSeconds, double.MaxValue);
    }

    public override void Run()
    {
        fixed (int* species = _species)
        fixed (float* output = _output)
            _engine!.Evaluate(_shell.View, species, _list, _halo!, &output);
        for (int layer = 0; layer < _layerSeconds.Length; layer++)
            _layerSeconds[layer] = Math.Min(_layerSeconds[layer], _engine.LayerSeconds[layer]);
    }

    public override void Dispose()
    {
        _engine?.Dispose();
        _list.Dispose();
        _shell.Dispose();
        _pool.Dispose();
    }

    private double CountEdges()
    {
        long edges = 0;
        double* r = _shell.Positions.Pointer;
        for (int i = 0; i < _list.AtomCount; i++)
            foreach (int j in _list[i].Span)
            {
                double* a = r + 3L * i, b = r + 3L * j;
                double dx = a[0] - b[0], dy = a[1] - b[1], dz = a[2] - b[2];
                edges += dx * dx + dy * dy + dz * dz < Cutoff * Cutoff ? 1 : 0;
            }

        return (double)edges / _list.AtomCount;
    }
}
