using Denoise.Atoms.Threading;
using Denoise.Networks.Engines;
using Denoise.Networks.Models;
using Denoise.Training.Batches;
using Denoise.Training.Calibration;
using Denoise.Training.Sampling;
using Denoise.Training.Structures;

namespace Denoise.Training.Runs;

/// <summary>Denoises the same noisy structures at every call, with the engine that users will run.</summary>
public sealed class Validation : IDisposable
{
    private const int Purpose = 2;
    private const int HeldOutPurpose = 3;
    private const int Iterations = 8;

    // Per structure.
    private const int HeldOutSamples = 64;

    // Of the largest noise of the training.
    private static readonly double[] Levels = [1.0 / 3, 2.0 / 3, 1];

    private readonly WorkerPool _pool;
    private readonly IReadOnlyList<IdealStructure> _structures;
    private readonly TrainingSettings _settings;
    private readonly TrainingCell _cell = new();
    private readonly CellDenoiser _denoiser;

    public Validation(IReadOnlyList<IdealStructure> structures, TrainingSettings settings, WorkerPool pool)
    {
        (_structures, _settings, _pool) = (structures, settings, pool);
        _denoiser = new(pool);
    }

    /// <summary>Per structure and noise level the error before and after.</summary>
    public IReadOnlyList<ValidationRow> Evaluate(NequipModel model)
    {
        using IEngine engine = EngineFactory.Create(model, _pool);
        var rows = new List<ValidationRow>();
        for (int s = 0; s < _structures.Count; s++)
            for (int level = 0; level < Levels.Length; level++)
            {
                double noise = Levels[level] * _settings.Perturbation.Noise;
                var random = new RandomStream(_settings.Seed, Purpose, s * Levels.Length + level);
                SampleGenerator.Draw(_structures[s], noise * _structures[s].ShortestDistance, ref random, _cell);
                double before = Error(_structures[s]), afterOne = 0;
                for (int k = 0; k < Iterations; k++)
                {
                    _denoiser.Iterate(engine, _cell);
                    if (k == 0)
                        afterOne = Error(_structures[s]);
                }

                rows.Add(new(
                    _structures[s].Name, noise, before, afterOne, Error(_structures[s]), Named(engine.Model, _structures[s].Classes)));
            }

        return rows;
    }

    /// <summary>
    /// Atoms of samples that the training has not seen, drawn as it draws them, with what the network says of them after denoising.
    /// Atoms that no class is asked for are left out.
    /// </summary>
    /// <param name="model">with logits</param>
    public TemperatureScaling HeldOut(NequipModel model)
    {
        using IEngine engine = EngineFactory.Create(model, _pool);
        using var generator = new SampleGenerator();
        int classes = model.Heads[model.IndexOfHead(Head.Logits)].Dimension;
        int samples = HeldOutSamples * _structures.Count;
        var scaling = new TemperatureScaling(classes, samples);
        Perturbation perturbation = _settings.SamplesFor(model.Config);
        for (int k = 0; k < samples; k++)
        {
            var random = new RandomStream(_settings.Seed, HeldOutPurpose, k);
            generator.Draw(_structures[k % _structures.Count], perturbation, ref random, _cell);
            for (int iteration = 0; iteration < Iterations; iteration++)
                _denoiser.Iterate(engine, _cell);
            for (int i = 0; i < _cell.Count; i++)
                if (_cell.Classes[i] != TrainingCell.Unlabelled)
                    scaling.Add(_denoiser.Logits.Slice(classes * i, classes), _cell.Classes[i]);
        }

        return scaling;
    }

    public void Dispose()
    {
        _cell.Dispose();
        _denoiser.Dispose();
    }

    /// <summary>Part of the atoms whose largest logit in the last iteration is that of their class.</summary>
    private double Named(IModel model, int[] wanted)
    {
        int head = model.IndexOfHead(Head.Logits);
        if (head < 0)
            return double.NaN;
        int classes = model.Heads[head].Dimension, named = 0;
        for (int i = 0; i < _cell.Count; i++)
        {
            ReadOnlySpan<float> logits = _denoiser.Logits.Slice(classes * i, classes);
            float largest = logits[wanted[i]];
            named += logits.ContainsAnyExceptInRange(float.NegativeInfinity, largest) ? 0 : 1;
        }

        return (double)named / _cell.Count;
    }

    /// <summary>What is left of the displacements: targets shrink with every iteration, so that wrapping does not matter.</summary>
    private double Error(IdealStructure structure)
    {
        double sum = 0;
        for (int axis = 0; axis < 3; axis++)
        {
            double mean = 0, squares = 0;
            for (int i = 0; i < structure.Count; i++)
            {
                double d = _cell.Targets[3 * i + axis];
                mean += d;
                squares += d * d;
            }

            mean /= structure.Count;
            sum += squares / structure.Count - mean * mean;
        }

        return Math.Sqrt(Math.Max(0, sum));
    }
}
