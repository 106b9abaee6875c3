using System.Diagnostics;
using System.Globalization;
using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Networks.Checkpoints;
using Denoise.Networks.Models;
using Denoise.Training.Forces;

namespace Denoise.Training.Runs;

/// <summary>Runs a training to its end with everything that goes to disk: model, state for resuming, logs.</summary>
public sealed class TrainingJob : IDisposable
{
    private const int LogInterval = 50;

    private readonly TrainingRun _run;
    private readonly TrainingFiles _files;
    private readonly KeyValuePair<string, string>[] _settings;
    private readonly IRunValidation _validation;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _saved;
    private long? _kept;

    /// <param name="run">at its start, or where an earlier one stopped</param>
    /// <param name="files">where everything goes</param>
    /// <param name="settings">see <see cref="TrainingState.Load"/></param>
    /// <param name="pool">threads, borrowed</param>
    /// <param name="heldOut">of a training from forces: structures that it does not see</param>
    public TrainingJob(TrainingRun run, TrainingFiles files, IEnumerable<KeyValuePair<string, string>> settings, WorkerPool pool,
        IReadOnlyList<ForceFrame>? heldOut = null)
    {
        (_run, _files, _settings) = (run, files, [.. settings]);
        _validation = run.Data is null ? new DenoisingValidation(run, pool) : new ForceValidation(run, heldOut ?? [], pool);
    }

    /// <summary>Steps between validations.</summary>
    public int ValidationInterval { get; init; } = 1000;

    /// <summary>Spent on the run before it was resumed.</summary>
    public TimeSpan ElapsedBefore { get; init; }

    /// <summary>What the model shall say of its origin beside the settings, which it says in any case.</summary>
    public IReadOnlyDictionary<string, string> Origin { get; init; } = new Dictionary<string, string>();

    /// <summary>Longest time whose work an interruption can cost.</summary>
    public TimeSpan SaveInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Trains until the last step; false where it was canceled, with everything saved for <c>--resume</c>.</summary>
    /// <exception cref="InputException">the loss diverges, or a file cannot be written; the model holds the last good weights</exception>
    public bool Run(ITrainingObserver observer, CancellationToken cancellation)
    {
        using var log = new CsvLog(_files.Log, "step,seconds,learning_rate,loss,gradient_norm", _run.Step);
        using var validations = new CsvLog(_files.Validation, _validation.Columns, _run.Step);
        void Save()
        {
            log.Flush();
            SaveAll();
        }

        // Whatever goes wrong with the disk goes wrong now.
        Save();
        while (!_run.IsFinished)
        {
            if (cancellation.IsCancellationRequested)
            {
                Save();
                return false;
            }

            Advance();
            observer.Advanced(_run);
            if (_run.Step % LogInterval == 0 || _run.IsFinished)
                log.Write($"{_run.Step},{Elapsed.TotalSeconds:F1},{_run.LearningRate:g6},{_run.Loss:g6},{_run.GradientNorm:g6}");
            if (_run.Step % ValidationInterval == 0 || _run.IsFinished)
                Validate(validations, observer);
            if (_clock.Elapsed - _saved >= SaveInterval)
                Save();
        }

        if (_run.IsSound)
            _validation.Finish(observer);
        Save();
        File.Delete(_files.State);
        return _run.IsSound ? true : throw new InputException(string.Create(CultureInfo.InvariantCulture,
            $"training ends badly: the loss is {_run.Loss:g3}{_run.LossUnit} after a lowest of {_run.LowestLoss:g3}. ") +
            $"{_run.Remedy} {Kept}");
    }

    public void Dispose() => _validation.Dispose();

    private TimeSpan Elapsed => ElapsedBefore + _clock.Elapsed;

    private string Kept => _kept is { } step
        ? string.Create(CultureInfo.InvariantCulture, $"{_files.Model} holds the weights of step {step}.")
        : $"{_files.Model} holds the last good weights.";

    private void Advance()
    {
        try
        {
            _run.Advance();
        }
        catch (InputException failure)
        {
            // Going on from the state would diverge again.
            File.Delete(_files.State);
            throw new InputException($"{failure.Message} {Kept}", failure);
        }
    }

    private void Validate(CsvLog log, ITrainingObserver observer)
    {
        foreach (FormattableString line in _validation.Run(observer))
            log.Write(line);
        log.Flush();
    }

    private void SaveAll()
    {
        if (_run.IsSound)
            SaveModel();
        _run.State(Elapsed).Save(_files.State, _settings);
        _saved = _clock.Elapsed;
    }

    private void SaveModel()
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, string value) in Origin.Concat(_settings).Where(entry => entry.Value.Length > 0))
            metadata[$"training {name}"] = value;
        metadata["training step"] = _run.Step.ToString(CultureInfo.InvariantCulture);
        metadata["training loss"] = _run.Loss.ToString("g6", CultureInfo.InvariantCulture);
        StateDict weights = _validation.Weights(metadata);
        CheckpointWriter.Save(_files.Model, weights, _run.AverageModel.Config, metadata);
        _kept = _run.Step;
    }
}
