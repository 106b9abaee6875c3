using System.Globalization;
using Denoise.Atoms.Threading;
using Denoise.Networks.Models;
using Denoise.Training.Batches;
using Denoise.Training.Fused;

namespace Denoise.Benchmarks;

/// <summary>
/// Loss and gradients of a batch of rattled cells of 256 atoms, whose edges are searched anew: a training step but for the optimizer.
/// </summary>
internal sealed class TrainingBenchmark(NequipConfig config, int atoms, int threads) : Benchmark
{
    private const int CellAtoms = 256;

    private readonly NequipModel _model = NequipModel.CreateRandom(config, seed: 1);
    private readonly WorkerPool _pool = new(threads);
    private readonly EdgeFinder _finder = new();
    private readonly TrainingBatch _batch = new();
    private readonly TrainingCell _cell = new();
    private FusedGradient? _gradient;
    private TrainingCell[] _cells = [];
    private double _loss;

    public override string Name => "training step";

    public override long Atoms => (long)_cells.Length * _cell.Count;

    public override long MemoryBytes => _gradient!.MemoryBytes;

    public override Work? Work => NetworkWork.CountTraining(_model, (double)_batch.EdgeCount / _batch.AtomCount);

    public override string Result => string.Create(CultureInfo.InvariantCulture,
        $"loss {_loss:g4}, {(double)_batch.EdgeCount / _batch.AtomCount:f1} edges per atom");

    public override void Prepare()
    {
        var (positions, box) = Crystal.Fcc.Rattled(CellAtoms);
        _cell.Resize(positions.Length / 3);
        _cell.Box = box;
        positions.CopyTo(_cell.Positions.Span);
        _cell.Species.Clear();
        // Any target will do for the time; this one is the displacement along x of a shifted crystal.
        for (int i = 0; i < _cell.Count; i++)
            (_cell.Targets[3L * i], _cell.Targets[3L * i + 1], _cell.Targets[3L * i + 2]) = (0.1f, 0, 0);
        _cells = new TrainingCell[Math.Max(1, atoms / _cell.Count)];
        Array.Fill(_cells, _cell);
        _gradient = new(_model, _pool);
    }

    public override void Run()
    {
        foreach (TrainingCell cell in _cells)
            _finder.Find(cell, config.Cutoff);
        _batch.Assemble(_cells);
        _loss = _gradient!.Evaluate(_batch);
    }

    public override void Dispose()
    {
        _gradient?.Dispose();
        _batch.Dispose();
        _cell.Dispose();
        _finder.Dispose();
        _pool.Dispose();
    }
}
