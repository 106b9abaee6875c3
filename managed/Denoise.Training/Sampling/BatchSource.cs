using Denoise.Atoms.Threading;
using Denoise.Training.Batches;
using Denoise.Training.Structures;

namespace Denoise.Training.Sampling;

/// <summary>Draws batches of ideal structures that are perturbed.</summary>
internal sealed class BatchSource : CellBatchSource
{
    private const int Purpose = 1;

    private readonly IReadOnlyList<IdealStructure> _structures;
    private readonly Perturbation _perturbation;
    private readonly SampleGenerator[] _generators;

    public BatchSource(IReadOnlyList<IdealStructure> structures, Perturbation perturbation, long seed, int cellCount, double cutoff,
        WorkerPool pool)
        : base(Purpose, perturbation.Iterated, seed, [.. Enumerable.Range(0, cellCount).Select(_ => new TrainingCell())], cutoff, pool)
    {
        (_structures, _perturbation) = (structures, perturbation);
        _generators = [.. Enumerable.Range(0, pool.Count).Select(_ => new SampleGenerator())];
    }

    public override void Dispose()
    {
        base.Dispose();
        foreach (SampleGenerator generator in _generators)
            generator.Dispose();
    }

    protected override void DrawSample(int worker, ref RandomStream random, TrainingCell cell) =>
        _generators[worker].Draw(_structures[random.Integer(_structures.Count)], _perturbation, ref random, cell);
}
