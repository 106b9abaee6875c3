using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Networks.Models;
using Denoise.Training.Forces;
using Denoise.Training.Fused;
using Denoise.Training.Optimization;
using Denoise.Training.Sampling;
using Denoise.Training.Structures;

namespace Denoise.Training.Runs;

/// <summary>
/// A training run, one update at a time. Its weights follow from settings and structures alone, bit for bit, whether or not it was
/// interrupted and on how many threads it ran.
/// </summary>
public sealed class TrainingRun : IDisposable
{
    /// <summary>Diverging means: the smoothed loss is this many times the lowest there was.</summary>
    private const double Divergence = 20;

    /// <summary>Beyond chance, even where a batch is a single cell; predicting nothing is about ten times the lowest loss.</summary>
    private const double Soundness = 4;

    private readonly IBatchGradient _gradient;
    private readonly IBatchSource _batches;
    private readonly AdamW _optimizer;
    private readonly WeightAverage _average;
    private readonly LearningRateSchedule _schedule;

    /// <param name="settings">what decides about the weights</param>
    /// <param name="config">of the network</param>
    /// <param name="structures">measured</param>
    /// <param name="pool">threads, borrowed</param>
    /// <param name="state">where an earlier run stopped; null: from the start</param>
    /// <param name="start">a network of the same layers whose weights are the first ones; null: random ones</param>
    /// <exception cref="InputException">the network cannot be trained, the state is of another run, or the start of other layers</exception>
    public TrainingRun(TrainingSettings settings, NequipConfig config, IReadOnlyList<IdealStructure> structures, WorkerPool pool,
        TrainingState? state = null, NequipModel? start = null)
        : this(settings, config, pool, Sampled(structures, settings, config, pool), state, start) => Structures = structures;

    /// <param name="settings">what decides about the weights</param>
    /// <param name="config">of the network</param>
    /// <param name="data">structures with forces</param>
    /// <param name="pool">threads, borrowed</param>
    /// <param name="state">where an earlier run stopped; null: from the start</param>
    /// <param name="start">a network of the same layers whose weights are the first ones; null: random ones</param>
    /// <exception cref="InputException">the network cannot be trained, the state is of another run, or the start of other layers</exception>
    public TrainingRun(TrainingSettings settings, NequipConfig config, ForceData data, WorkerPool pool, TrainingState? state = null,
        NequipModel? start = null)
        : this(settings, config, pool, new ForceBatchSource(data, settings.Forces!, settings.Perturbation.Iterated, settings.Seed,
            settings.Steps, settings.BatchCells, config.Cutoff, pool), state, start) => Data = data;

    private TrainingRun(TrainingSettings settings, NequipConfig config, WorkerPool pool, IBatchSource batches, TrainingState? state,
        NequipModel? start)
    {
        (Settings, _batches) = (settings, batches);
        Model = NequipModel.CreateRandom(config, settings.Seed);
        if (start is not null)
            TakeWeights(start);
        if (!Supports(Model, out string? reason))
            throw new InputException($"{reason}.");
        _schedule = new(settings.LearningRate, settings.WarmUp, settings.Steps);
        _gradient = IsFittingForces ? new ForceGradient(Model, pool, energyWeight: settings.Forces!.EnergyWeight)
            : settings.ScoreScale > 0 ? new ConservativeGradient(Model, pool, classWeight: settings.ClassWeight)
            : new FusedGradient(Model, pool, classWeight: settings.ClassWeight);
        _optimizer = new(Model.Parameters, settings.WeightDecay);
        _average = new(Model.Parameters, settings.AverageDecay);
        AverageModel = new(config, new StateDict("average of the weights", _average.Tensors));
        if (state is not null)
        {
            state.Restore(Model.Parameters, _average.Tensors, _optimizer, _batches);
            (Step, Loss, LowestLoss) = (state.Step, state.Loss, state.LowestLoss);
        }
    }

    public TrainingSettings Settings { get; }

    /// <summary>What is learned from; empty where that is <see cref="Data"/>.</summary>
    public IReadOnlyList<IdealStructure> Structures { get; } = [];

    /// <summary>Structures with forces that are learned from; null: ideal ones are.</summary>
    public ForceData? Data { get; }

    /// <summary>Whether energies and forces are fitted, not displacements.</summary>
    public bool IsFittingForces => Settings.Forces is { Task: ForceTask.Forces };

    /// <summary>Of the loss, with a blank before it; none where it is relative to the data's own spread.</summary>
    public string LossUnit => IsFittingForces ? "" : " Å^2";

    /// <summary>The network as it is being trained.</summary>
    public NequipModel Model { get; }

    /// <summary>The network that is worth keeping: the exponential average of the weights.</summary>
    public NequipModel AverageModel { get; }

    /// <summary>Updates done.</summary>
    public long Step { get; private set; }

    public bool IsFinished => Step >= Settings.Steps;

    /// <summary>
    /// What is minimized, Å^2, smoothed over the last fifty batches: the mean squared error per component, and of classes the weighted
    /// entropy.
    /// </summary>
    public double Loss { get; private set; }

    /// <summary>Of the smoothed loss, so far.</summary>
    public double LowestLoss { get; private set; } = double.PositiveInfinity;

    /// <summary>Whether the weights are worth keeping: the smoothed loss has not left its lowest for the worse.</summary>
    public bool IsSound => Loss <= Soundness * LowestLoss;

    /// <summary>Norm of the last gradient, before clipping.</summary>
    public double GradientNorm { get; private set; }

    /// <summary>Of the last update.</summary>
    public double LearningRate { get; private set; }

    /// <summary>What the user can do against divergence.</summary>
    public string Remedy => string.Create(CultureInfo.InvariantCulture,
        $"Lower --learning-rate (now {Settings.LearningRate:g3}){(Settings.Forces is null ? "," : " or")} --clip (now {Settings.ClipNorm:g3})" +
        $"{(Settings.Forces is null ? $" or --noise (now {Settings.Perturbation.Noise:g3})" : "")} and train anew.");

    /// <summary>Atoms of the last batch.</summary>
    public int BatchAtoms => _batches.Batch.AtomCount;

    /// <summary>Draws a batch and updates the weights.</summary>
    /// <exception cref="InputException">the loss diverges; the weights are as before this call</exception>
    public void Advance()
    {
        _batches.Draw(Step);
        double loss = _gradient.Evaluate(_batches.Batch);
        GradientNorm = Norm(_gradient.Gradients);
        double smoothed = SmoothedLoss.Next(Loss, loss);
        if (!double.IsFinite(loss) || !double.IsFinite(GradientNorm) || smoothed > Divergence * LowestLoss)
            throw new InputException($"training diverges at step {Step + 1}: the loss is {loss:g3}{LossUnit} after a lowest of " +
                $"{LowestLoss:g3}. {Remedy}");

        _batches.Iterate();
        Step++;
        LearningRate = _schedule.At(Step);
        double scale = GradientNorm > Settings.ClipNorm ? Settings.ClipNorm / GradientNorm : 1;
        _optimizer.Update(_gradient.Gradients, scale, LearningRate, Step);
        _average.Update(Step);
        (Loss, LowestLoss) = (smoothed, Math.Min(LowestLoss, smoothed));
    }

    /// <summary>What a later run needs to go on from here.</summary>
    /// <param name="elapsed">spent on the run so far</param>
    public TrainingState State(TimeSpan elapsed) =>
        new(Model, _average.Tensors, _optimizer, _batches) { Step = Step, Loss = Loss, LowestLoss = LowestLoss, Elapsed = elapsed };

    public void Dispose()
    {
        _gradient.Dispose();
        _batches.Dispose();
    }

    private static BatchSource Sampled(IReadOnlyList<IdealStructure> structures, TrainingSettings settings, NequipConfig config,
        WorkerPool pool)
    {
        foreach (IdealStructure structure in structures)
            for (int i = 0; i < structure.Count; i++)
                structure.Classes[i] = ClassNames.IndexOf(config.Classes, structure.ClassNames[i]);
        return new(structures, settings.SamplesFor(config), settings.Seed, settings.BatchCells, config.Cutoff, pool);
    }

    private bool Supports(NequipModel model, [NotNullWhen(false)] out string? reason) => IsFittingForces
        ? ForceGradient.Supports(model, out reason)
        : model.Config.ScoreScale > 0 ? ConservativeGradient.Supports(model, out reason) : FusedGradient.Supports(model, out reason);

    /// <summary>All weights of the layers, and those of the readout where it has the same heads.</summary>
    private void TakeWeights(NequipModel start)
    {
        foreach (Tensor parameter in Model.Parameters)
        {
            Tensor? other = start.Parameters.FirstOrDefault(other => other.Name == parameter.Name);
            if (other is not null && other.Shape.SequenceEqual(parameter.Shape))
                other.Values.CopyTo(parameter.Values, 0);
            else if (parameter.Name != Model.Readout.WeightName)
                throw new InputException($"{start.Origin}: its '{start.Config.Hidden}', {start.Config.LayerCount} layers, are no start " +
                    $"for '{Model.Config.Hidden}', {Model.Config.LayerCount} layers ('{parameter.Name}' differs); train the same network.");
        }
    }

    private double Norm(ParameterGradients gradients)
    {
        double sum = 0;
        foreach (Tensor parameter in Model.Parameters)
            foreach (double value in gradients[parameter.Name])
                sum += value * value;
        return Math.Sqrt(sum);
    }
}
