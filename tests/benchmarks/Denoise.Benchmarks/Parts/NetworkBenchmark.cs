using System.Globalization;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Networks.Engines.Simd;
using Denoise.Networks.Models;
using Denoise.Parallel;

namespace Denoise.Benchmarks;

/// <summary>
/// One evaluation of a score network on a rattled fcc crystal, neighbor list with skin given. Weights are random: what counts is
/// the architecture. The engine alone; its halo is that of one process.
/// </summary>
/// <param name="name">of the network</param>
/// <param name="config">its architecture</param>
/// <param name="width">of the vectors</param>
/// <param name="atoms">about this many</param>
/// <param name="threads">that work</param>
internal sealed unsafe class NetworkBenchmark(string name, NequipConfig config, SimdWidth width, int atoms, int threads) : Benchmark
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

    /// <summary>The architecture of the published denoiser of metals: about 12 edges per atom.</summary>
    public static NequipConfig Metals { get; } = new()
    {
        Hidden = "8x0e+8x1e+4x2e",
        Edge = "1x0e+1x1e+1x2e",
        Output = "1x1e",
        NodeEmbedding = "8x0e",
        AttributeEmbedding = "8x0e",
        SpeciesCount = 1,
        LayerCount = 3,
        Cutoff = 3.2,
        NeighborCount = 12,
        Radial = [16, 64],
    };

    /// <summary>That of the network in the paper's table: scalars and vectors, ten channels each.</summary>
    public static NequipConfig Small { get; } = Metals with
    {
        Hidden = "10x0e+10x1e",
        NodeEmbedding = "10x0e",
        AttributeEmbedding = "10x0e",
    };

    /// <summary>That of the published denoiser of ice: two species, true parities, about 45 edges per atom.</summary>
    public static NequipConfig Ice { get; } = Metals with
    {
        Hidden = "8x0e+8x1o+4x2e",
        Edge = "1x0e+1x1o+1x2e",
        Output = "1x1o",
        SpeciesCount = 2,
        Cutoff = 5,
        NeighborCount = 16,
    };

    /// <summary>The published denoisers of copper and ice, and the paper's small one, by short names.</summary>
    public static IReadOnlyList<(string Name, NequipConfig Config)> Architectures { get; } =
        [("Cu", Metals), ("ice", Ice), ("small", Small)];

    /// <summary>The width with which the engine evaluates such a network if it is not told.</summary>
    public static SimdWidth WidthOf(NequipConfig config) => SimdWidths.For(NequipModel.CreateRandom(config, seed: 1));

    public override string Name => $"network {name} {(int)width}";

    public override long Atoms => _shell.LocalCount;

    public override long MemoryBytes => _engine!.MemoryBytes;

    public override Work? Work => NetworkWork.Count(_engine!.Model, CountEdges(), ListedPerAtom);

    public override string Result =>
        string.Create(CultureInfo.InvariantCulture, $"{ListedPerAtom:f1} listed per atom, {CountEdges():f2} edges");

    private double ListedPerAtom => (double)_list.PairCount / _list.AtomCount;

    public override void Prepare()
    {
        var (positions, box) = Crystal.Fcc.Rattled(atoms);
        fixed (double* r = positions)
            _shell.Build(r, positions.Length / 3, box, config.Cutoff + Skin);
        using var builder = new NeighborListBuilder(_pool);
        builder.Build(_shell.View, config.Cutoff + Skin, _list);
        int local = _shell.LocalCount;
        _species = [.. Enumerable.Range(0, _shell.View.Count)
            .Select(i => (i < local ? i : _shell.Owners[i - local]) % config.SpeciesCount)];
        _output = new float[3 * local];
        _engine = new(NequipModel.CreateRandom(config, seed: 1), _pool, width);
        _halo = new(_shell);
    }

    public override void Run()
    {
        fixed (int* species = _species)
        fixed (float* output = _output)
            _engine!.Evaluate(_shell.View, species, _list, _halo!, output);
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
            for (long k = _list.Starts[i]; k < _list.Starts[i + 1]; k++)
            {
                double* a = r + 3L * i, b = r + 3L * _list.Indices[k];
                double dx = a[0] - b[0], dy = a[1] - b[1], dz = a[2] - b[2];
                edges += dx * dx + dy * dy + dz * dz < config.Cutoff * config.Cutoff ? 1 : 0;
            }

        return (double)edges / _list.AtomCount;
    }
}
