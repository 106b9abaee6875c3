using System.Diagnostics;
using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Networks.Engines;
using Denoise.Networks.Models;
using Denoise.Parallel;
using Denoise.Structure;

namespace Denoise.Cli.Benchmarks;

/// <summary>
/// Atoms per second of the parts in which the time goes, on a rattled fcc crystal: neighbor list and adaptive common neighbor analysis
/// of 10,976 atoms, one iteration of a network on 1,372, so that no run takes more than milliseconds. Best of the runs that fit into
/// half a second: the machine's figure, not that of its other users.
/// </summary>
internal sealed unsafe class SpeedCheck(int threads) : IDisposable
{
    private const int Cells = 14;
    private const int NetworkCells = 7;
    private const double Copper = 3.615; // Å, lattice constant
    private const double Noise = 0.03; // lattice constants, standard deviation of a coordinate
    private const double ListCutoff = 3.6; // Å, copper: the twelve nearest and some of the second shell
    private const double Reach = 6; // Å, copper: of the ghosts for common neighbor analysis
    private const double Skin = 0.4; // Å, of a network's list
    private const double SecondsPerPart = 0.5;
    private const int LeastRuns = 3;

    private readonly WorkerPool _pool = new(threads);
    private readonly GhostShell _shell = new();
    private readonly NeighborList _list = new();

    public double List()
    {
        BuildShell(Cells, Copper, Reach);
        using var builder = new NeighborListBuilder(_pool);
        return Best(() => builder.Build(_shell.View, ListCutoff, _list));
    }

    public double Identify()
    {
        BuildShell(Cells, Copper, Reach);
        using var identifier = new AdaptiveCommonNeighborAnalysis(_pool);
        using NativeBuffer<int> types = new(_shell.LocalCount);
        return Best(() => identifier.Identify(_shell.View, Reach, types.Pointer));
    }

    /// <summary>One iteration, at the density that <c>scale auto</c> gives an fcc metal.</summary>
    public double Iterate(NequipModel model)
    {
        // 13 nearest: twelve at one distance and one sqrt(2) times as far; their geometric mean is the model's length.
        double nearest = model.Config.ScaleLength > 0 ? model.Config.ScaleLength / Math.Pow(2, 1 / 26.0) : Copper / Math.Sqrt(2);
        double cutoff = model.Config.Cutoff + Skin;
        BuildShell(NetworkCells, nearest * Math.Sqrt(2), cutoff);
        using var builder = new NeighborListBuilder(_pool);
        builder.Build(_shell.View, cutoff, _list);
        using IEngine engine = EngineFactory.Create(model, _pool);
        using NativeBuffer<int> species = new(_shell.View.Count);
        using NativeBuffer<float> output = new(3L * _shell.LocalCount);
        // The displacements alone, as a denoiser asks for them.
        using NativeBuffer<nint> outputs = new(engine.Heads.Count);
        for (int h = 0; h < engine.Heads.Count; h++)
            outputs[h] = engine.Heads[h].Name == Head.Displacement ? (nint)output.Pointer : 0;
        for (int i = 0; i < _shell.View.Count; i++)
            species[i] = (i < _shell.LocalCount ? i : _shell.Owners[i - _shell.LocalCount]) % model.SpeciesCount;
        var halo = new ShellHalo(_shell);
        return Best(() => engine.Evaluate(_shell.View, species.Pointer, _list, halo, (float**)outputs.Pointer));
    }

    public void Dispose()
    {
        _list.Dispose();
        _shell.Dispose();
        _pool.Dispose();
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

    private void BuildShell(int cells, double lattice, double reach)
    {
        double[] positions = Rattled(cells, lattice);
        double edge = cells * lattice;
        fixed (double* r = positions)
            _shell.Build(r, positions.Length / 3, Box.Orthogonal(edge, edge, edge), reach);
    }

    private static double[] Rattled(int cells, double lattice)
    {
        ReadOnlySpan<Vec3> basis = [new(0, 0, 0), new(0, .5, .5), new(.5, 0, .5), new(.5, .5, 0)];
        var random = new Random(12345);
        double Coordinate(double place) => lattice *
            (place + Noise * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        double[] positions = new double[3 * basis.Length * cells * cells * cells];
        int next = 0;
        for (int cell = 0; cell < cells * cells * cells; cell++)
            foreach (Vec3 atom in basis)
            {
                positions[next++] = Coordinate(atom.X + cell % cells);
                positions[next++] = Coordinate(atom.Y + cell / cells % cells);
                positions[next++] = Coordinate(atom.Z + cell / (cells * cells));
            }

        return positions;
    }
}
