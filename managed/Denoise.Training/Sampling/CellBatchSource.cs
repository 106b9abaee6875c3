using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Networks.Models;
using Denoise.Training.Batches;

namespace Denoise.Training.Sampling;

/// <summary>
/// Draws batches of cells: batch k of a seed is the same whenever and by however many threads it is drawn, but for the samples that go on
/// from the batch before.
/// </summary>
internal abstract class CellBatchSource : IBatchSource
{
    private readonly int _purpose;
    private readonly double _iterated;
    private readonly long _seed;
    private readonly double _cutoff;
    private readonly WorkerPool _pool;
    private readonly TrainingCell[] _cells;
    private readonly EdgeFinder[] _finders;
    private readonly WorkerPool.Body _draw;
    private long _batch;

    /// <param name="purpose">tells the random numbers of one kind of source from those of another</param>
    /// <param name="iterated">part of the samples that go on from what was just predicted for them</param>
    /// <param name="seed">of all random numbers</param>
    /// <param name="cells">samples of a batch, empty at first; owned</param>
    /// <param name="cutoff">Å</param>
    /// <param name="pool">threads, borrowed</param>
    protected CellBatchSource(int purpose, double iterated, long seed, TrainingCell[] cells, double cutoff, WorkerPool pool)
    {
        (_purpose, _iterated, _seed, _cells, _cutoff, _pool) = (purpose, iterated, seed, cells, cutoff, pool);
        _finders = [.. Enumerable.Range(0, pool.Count).Select(_ => new EdgeFinder())];
        _draw = Draw;
    }

    public TrainingBatch Batch { get; } = new();

    /// <summary>Whether samples go on at all.</summary>
    private bool Iterates => _iterated > 0;

    /// <summary>Replaces <see cref="Batch"/> by batch <paramref name="index"/>.</summary>
    public virtual void Draw(long index)
    {
        _batch = index;
        _pool.Run(_cells.Length, 1, _draw);
        Batch.Assemble(_cells);
    }

    /// <summary>
    /// Once the batch has been evaluated: moves the atoms of the cells by what was predicted for them, if the next batch may go on with
    /// any.
    /// </summary>
    public void Iterate()
    {
        if (!Iterates)
            return;
        int first = 0;
        foreach (TrainingCell cell in _cells)
        {
            cell.Iterate(Batch.Residuals.Span.Slice(3 * first, 3 * cell.Count));
            first += cell.Count;
        }
    }

    /// <summary>What a later run needs to go on from the cells; nothing where none does.</summary>
    public IEnumerable<Tensor> State() => Iterates ? _cells.SelectMany(CellTensors.Of) : [];

    /// <exception cref="InputException">the state holds other cells</exception>
    public void Restore(StateDict state)
    {
        if (Iterates)
            for (int c = 0; c < _cells.Length; c++)
                CellTensors.Read(state, c, _cells[c]);
    }

    public virtual void Dispose()
    {
        foreach (TrainingCell cell in _cells)
            cell.Dispose();
        foreach (EdgeFinder finder in _finders)
            finder.Dispose();
        Batch.Dispose();
    }

    /// <summary>Draws a new sample.</summary>
    /// <param name="worker">the thread, from 0</param>
    /// <param name="random">of this sample</param>
    /// <param name="cell">receives it</param>
    protected abstract void DrawSample(int worker, ref RandomStream random, TrainingCell cell);

    private void Draw(int begin, int end, int worker)
    {
        for (int c = begin; c < end; c++)
        {
            var random = new RandomStream(_seed, _purpose, _batch * _cells.Length + c);
            // Asks for no number where nothing goes on, so that trainings without it give the weights that they gave.
            bool goesOn = Iterates && _cells[c].Count > 0 && random.Uniform() < _iterated;
            if (!goesOn)
                DrawSample(worker, ref random, _cells[c]);
            _finders[worker].Find(_cells[c], _cutoff);
        }
    }
}
