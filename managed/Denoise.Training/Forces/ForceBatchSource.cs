using Denoise.Atoms.Threading;
using Denoise.Training.Batches;
using Denoise.Training.Sampling;

namespace Denoise.Training.Forces;

/// <summary>Draws batches of structures with forces; of samples that go on from the batch before no forces are known.</summary>
internal sealed class ForceBatchSource : CellBatchSource
{
    private const int Purpose = 4;

    private readonly ForceData _data;
    private readonly ForceSettings _settings;
    private readonly long _steps;

    /// <param name="data">to draw from</param>
    /// <param name="settings">how</param>
    /// <param name="iterated">part of the samples that go on from what was just predicted for them</param>
    /// <param name="seed">of all random numbers</param>
    /// <param name="steps">of the training: the noise counts for nothing at its end</param>
    /// <param name="cellCount">samples of a batch</param>
    /// <param name="cutoff">Å</param>
    /// <param name="pool">threads, borrowed</param>
    public ForceBatchSource(ForceData data, ForceSettings settings, double iterated, long seed, long steps, int cellCount, double cutoff,
        WorkerPool pool)
        : base(Purpose, iterated, seed, [.. Enumerable.Range(0, cellCount).Select(_ => new TrainingCell { Labels = new() })], cutoff, pool)
    {
        (_data, _settings, _steps) = (data, settings, steps);
    }

    public override void Draw(long index)
    {
        base.Draw(index);
        Batch.Labels!.NoiseWeight = _settings.Denoising is { } dens ? dens.Weight * Math.Max(0, 1 - (double)index / _steps) : 0;
    }

    protected override void DrawSample(int worker, ref RandomStream random, TrainingCell cell) =>
        ForceSampler.Draw(_data.Frames[random.Integer(_data.Frames.Count)], _data, _settings, ref random, cell);
}
