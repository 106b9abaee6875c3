using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Networks.Models;
using Denoise.Training.Batches;
using Denoise.Training.Structures;

namespace Denoise.Training.Sampling;

/// <summary>
/// Draws batches: batch k of a seed is the same whenever and by however many threads it is drawn, but for the samples that go on from
/// the batch before.
/// </summary>
internal sealed class BatchSource : IBatchSource
{
    private const int Purpose = 1;

    private readonly IReadOnlyList<IdealStructure> _structures;
    private readonly Perturbation _perturbation;
    private readonly long _seed;
    private readonly double _cutoff;
    private readonly WorkerPool _pool;
    private readonly TrainingCell[] _cells;
    private readonly EdgeFinder[] _finders;
    private readonly SampleGenerator[] _generators;
    private readonly WorkerPool.Body _draw;
    private long _batch;

    public BatchSource(IReadOnlyList<IdealStructure> structures, Perturbation perturbation, long seed, int cellCount, double cutoff,
        WorkerPool pool)
    {
        (_structures, _perturbation, _seed, _cutoff, _pool) = (structures, perturbation, seed, cutoff, pool);
        _cells = [.. Enumerable.Range(0, cellCount).Select(_ => new TrainingCell())];
        _finders = [.. Enumerable.Range(0, pool.Count).Select(_ => new EdgeFinder())];
        _generators = [.. Enumerable.Range(0, pool.Count).Select(_ => new SampleGenerator())];
        _draw = Draw;
    }

    public TrainingBatch Batch { get; } = new();

    /// <summary>Whether samples go on at all.</summary>
    private bool Iterates => _perturbation.Iterated > 0;

    /// <summary>Replaces <see cref="Batch"/> by batch <paramref name="index"/>.</summary>
    public void Draw(long index)
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

    public void Dispose()
    {
        foreach (TrainingCell cell in _cells)
            cell.Dispose();
        foreach (EdgeFinder finder in _finders)
            finder.Dispose();
        foreach (SampleGenerator generator in _generators)
            generator.Dispose();
        Batch.Dispose();
    }

    private void Draw(int begin, int end, int worker)
    {
        for (int c = begin; c < end; c++)
        {
            var random = new RandomStream(_seed, Purpose, _batch * _cells.Length + c);
            // Asks for no number where nothing goes on, so that trainings without it give the weights that they gave.
            bool goesOn = Iterates && _cells[c].Count > 0 && random.Uniform() < _perturbation.Iterated;
            if (!goesOn)
            {
                IdealStructure structure = _structures[random.Integer(_structures.Count)];
                _generators[worker].Draw(structure, _perturbation, ref random, _cells[c]);
            }

            _finders[worker].Find(_cells[c], _cutoff);
        }
    }
}
