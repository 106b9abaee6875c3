using Denoise.Atoms.Threading;
using Denoise.Networks.Models;
using Denoise.Training.Batches;
using Denoise.Training.Sampling;

namespace Denoise.Training.Forces;

/// <summary>Draws batches of structures with forces: batch k of a seed is the same whenever and by however many threads it is drawn.</summary>
internal sealed class ForceBatchSource : IBatchSource
{
    private const int Purpose = 4;

    private readonly ForceData _data;
    private readonly ForceSettings _settings;
    private readonly double _iterated;
    private readonly long _seed;
    private readonly long _steps;
    private readonly double _cutoff;
    private readonly WorkerPool _pool;
    private readonly TrainingCell[] _cells;
    private readonly EdgeFinder[] _finders;
    private readonly WorkerPool.Body _draw;
    private long _batch;

    /// <param name="data">to draw from</param>
    /// <param name="settings">how</param>
    /// <param name="iterated">part of the samples that go on from what was just predicted for them; then no forces are known</param>
    /// <param name="seed">of all random numbers</param>
    /// <param name="steps">of the training: the noise counts for nothing at its end</param>
    /// <param name="cellCount">samples of a batch</param>
    /// <param name="cutoff">Å</param>
    /// <param name="pool">threads, borrowed</param>
    public ForceBatchSource(ForceData data, ForceSettings settings, double iterated, long seed, long steps, int cellCount, double cutoff,
        WorkerPool pool)
    {
        (_data, _settings, _iterated, _seed, _steps, _cutoff, _pool) = (data, settings, iterated, seed, steps, cutoff, pool);
        _cells = [.. Enumerable.Range(0, cellCount).Select(_ => new TrainingCell { Labels = new() })];
        _finders = [.. Enumerable.Range(0, pool.Count).Select(_ => new EdgeFinder())];
        _draw = Draw;
    }

    public TrainingBatch Batch { get; } = new();

    public void Draw(long index)
    {
        _batch = index;
        _pool.Run(_cells.Length, 1, _draw);
        Batch.Assemble(_cells);
        Batch.Labels!.NoiseWeight = _settings.Denoising is { } dens ? dens.Weight * Math.Max(0, 1 - (double)index / _steps) : 0;
    }

    public void Iterate()
    {
        if (_iterated == 0)
            return;
        int first = 0;
        foreach (TrainingCell cell in _cells)
        {
            cell.Iterate(Batch.Residuals.Span.Slice(3 * first, 3 * cell.Count));
            first += cell.Count;
        }
    }

    public IEnumerable<Tensor> State() => _iterated > 0 ? _cells.SelectMany(CellTensors.Of) : [];

    public void Restore(StateDict state)
    {
        for (int c = 0; _iterated > 0 && c < _cells.Length; c++)
            CellTensors.Read(state, c, _cells[c]);
    }

    public void Dispose()
    {
        foreach (TrainingCell cell in _cells)
            cell.Dispose();
        foreach (EdgeFinder finder in _finders)
            finder.Dispose();
        Batch.Dispose();
    }

    private void Draw(int begin, int end, int worker)
    {
        for (int c = begin; c < end; c++)
        {
            var random = new RandomStream(_seed, Purpose, _batch * _cells.Length + c);
            bool goesOn = _iterated > 0 && _cells[c].Count > 0 && random.Uniform() < _iterated;
            if (!goesOn)
                ForceSampler.Draw(_data.Frames[random.Integer(_data.Frames.Count)], _data, _settings, ref random, _cells[c]);
            _finders[worker].Find(_cells[c], _cutoff);
        }
    }
}
