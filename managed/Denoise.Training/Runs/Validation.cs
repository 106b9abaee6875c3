using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Networks.Engines;
using Denoise.Networks.Models;
using Denoise.Parallel;
using Denoise.Training.Batches;
using Denoise.Training.Sampling;
using Denoise.Training.Structures;

namespace Denoise.Training.Runs;

/// <summary>Denoises the same noisy structures at every call, with the engine that users will run.</summary>
public sealed unsafe class Validation : IDisposable
{
    private const int Purpose = 2;
    private const int Iterations = 8;

    // Of the largest noise of the training.
    private static readonly double[] Levels = [1.0 / 3, 2.0 / 3, 1];

    private readonly WorkerPool _pool;
    private readonly IReadOnlyList<IdealStructure> _structures;
    private readonly TrainingSettings _settings;
    private readonly TrainingCell _cell = new();
    private readonly GhostShell _shell = new();
    private readonly NeighborListBuilder _builder;
    private readonly NeighborList _list = new();
    private readonly ShellHalo _halo;
    private readonly NativeBuffer<int> _species = new();
    private readonly NativeBuffer<float> _prediction = new();
    private readonly NativeBuffer<float> _logits = new();

    public Validation(IReadOnlyList<IdealStructure> structures, TrainingSettings settings, WorkerPool pool)
    {
        (_structures, _settings, _pool) = (structures, settings, pool);
        (_builder, _halo) = (new(pool), new(_shell));
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
                    Iterate(engine);
                    if (k == 0)
                        afterOne = Error(_structures[s]);
                }

                rows.Add(new(
                    _structures[s].Name, noise, before, afterOne, Error(_structures[s]), Named(engine.Model, _structures[s].Classes)));
            }

        return rows;
    }

    public void Dispose()
    {
        _cell.Dispose();
        _builder.Dispose();
        _list.Dispose();
        _shell.Dispose();
        _species.Dispose();
        _prediction.Dispose();
        _logits.Dispose();
    }

    private void Iterate(IEngine engine)
    {
        double cutoff = engine.Model.Config.Cutoff;
        _shell.Build(_cell.Positions.Pointer, _cell.Count, _cell.Box, cutoff);
        _builder.Build(_shell.View, cutoff, _list);
        _species.Resize(_shell.View.Count);
        for (int i = 0; i < _shell.View.Count; i++)
            _species[i] = _cell.Species[i < _cell.Count ? i : _shell.Owners[i - _cell.Count]];
        _prediction.Resize(3L * _cell.Count);
        float** outputs = stackalloc float*[engine.Heads.Count];
        new Span<nint>(outputs, engine.Heads.Count).Clear();
        outputs[Head.IndexOf(engine.Heads, Head.Displacement)] = _prediction.Pointer;
        if (Head.IndexOf(engine.Heads, Head.Logits) is int head and >= 0)
        {
            _logits.Resize((long)engine.Heads[head].Dimension * _cell.Count);
            outputs[head] = _logits.Pointer;
        }

        engine.Evaluate(_shell.View, _species.Pointer, _list, _halo, outputs);
        for (int c = 0; c < 3 * _cell.Count; c++)
        {
            _cell.Positions[c] -= _prediction[c];
            _cell.Targets[c] -= _prediction[c];
        }
    }

    /// <summary>Part of the atoms whose largest logit in the last iteration is that of their class.</summary>
    private double Named(NequipModel model, int[] wanted)
    {
        int head = model.IndexOfHead(Head.Logits);
        if (head < 0)
            return double.NaN;
        int classes = model.Heads[head].Dimension, named = 0;
        for (int i = 0; i < _cell.Count; i++)
        {
            Span<float> logits = _logits.Span.Slice(classes * i, classes);
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
