using System.Diagnostics;
using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Networks.Engines.Simd;
using Denoise.Networks.Models;
using Denoise.Parallel;
using Denoise.Structure;

namespace Denoise.Cli.Benchmarks;

/// <summary>
/// Atoms per second of the three parts in which the time goes, on a rattled fcc crystal of 10,976 atoms: neighbor list, adaptive
/// common neighbor analysis, one iteration of a network with the architecture of the published copper denoiser. Best of the runs
/// that fit into half a second: the machine's figure, not that of its other users.
/// </summary>
internal sealed unsafe class SpeedCheck : IDisposable
{
    private const int Cells = 14;
    private const double Lattice = 3.615; // Å, copper
    private const double Noise = 0.03 * Lattice; // Å, standard deviation of a coordinate
    private const double Cutoff = 3.2, Skin = 0.4; // Å
    private const double Reach = 6; // Å, of the ghosts
    private const double SecondsPerPart = 0.5;
    private const int LeastRuns = 3;

    private static readonly NequipConfig Copper = new()
    {
        Hidden = "8x0e+8x1e+4x2e",
        Edge = "1x0e+1x1e+1x2e",
        Output = "1x1e",
        NodeEmbedding = "8x0e",
        AttributeEmbedding = "8x0e",
        SpeciesCount = 1,
        LayerCount = 3,
        Cutoff = Cutoff,
        NeighborCount = 12,
        Radial = [16, 64],
    };

    private readonly WorkerPool _pool;
    private readonly GhostShell _shell = new();
    private readonly NeighborList _list = new();

    public SpeedCheck(int threads)
    {
        _pool = new(threads);
        double[] positions = Rattled();
        double edge = Cells * Lattice;
        fixed (double* r = positions)
            _shell.Build(r, positions.Length / 3, Box.Orthogonal(edge, edge, edge), Reach);
    }

    /// <summary>Name, and atoms per second of all threads together.</summary>
    public IEnumerable<(string Part, double Rate)> Measure() =>
        [("neighbor list", List()), ("adaptive CNA", Identify()), ("network iteration", Network())];

    public void Dispose()
    {
        _list.Dispose();
        _shell.Dispose();
        _pool.Dispose();
    }

    private double List()
    {
        using var builder = new NeighborListBuilder(_pool);
        return Best(() => builder.Build(_shell.View, Cutoff + Skin, _list));
    }

    private double Identify()
    {
        using var identifier = new AdaptiveCommonNeighborAnalysis(_pool);
        using NativeBuffer<int> types = new(_shell.LocalCount);
        return Best(() => identifier.Identify(_shell.View, Reach, types.Pointer));
    }

    /// <summary>On the list of <see cref="List"/>. Weights are random; the time does not depend on them.</summary>
    private double Network()
    {
        using var engine = new SimdEngine(NequipModel.CreateRandom(Copper, seed: 1), _pool);
        using NativeBuffer<int> species = new(_shell.View.Count);
        using NativeBuffer<float> output = new(3L * _shell.LocalCount);
        species.Clear();
        var halo = new ShellHalo(_shell);
        return Best(() => engine.Evaluate(_shell.View, species.Pointer, _list, halo, output.Pointer));
    }

    private double Best(Action run)
    {
        run();
        double best = double.MaxValue;
        long begin = Stopwatch.GetTimestamp();
        for (int k = 0; k < LeastRuns || Stopwatch.GetElapsedTime(begin).TotalSeconds < SecondsPerPart; k++)
        {
            long start = Stopwatch.GetTimestamp();
            run();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return _shell.LocalCount / best;
    }

    private static double[] Rattled()
    {
        ReadOnlySpan<Vec3> basis = [new(0, 0, 0), new(0, .5, .5), new(.5, 0, .5), new(.5, .5, 0)];
        var random = new Random(12345);
        double Coordinate(double cells) => Lattice * cells
            + Noise * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        double[] positions = new double[3 * basis.Length * Cells * Cells * Cells];
        int next = 0;
        for (int cell = 0; cell < Cells * Cells * Cells; cell++)
            foreach (Vec3 atom in basis)
            {
                positions[next++] = Coordinate(atom.X + cell % Cells);
                positions[next++] = Coordinate(atom.Y + cell / Cells % Cells);
                positions[next++] = Coordinate(atom.Z + cell / (Cells * Cells));
            }

        return positions;
    }
}
