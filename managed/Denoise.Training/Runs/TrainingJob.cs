using System.Diagnostics;
using System.Globalization;
using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Networks.Checkpoints;
using Denoise.Networks.Models;
using Denoise.Training.Calibration;

namespace Denoise.Training.Runs;

/// <summary>Runs a training to its end with everything that goes to disk: model, state for resuming, logs.</summary>
public sealed class TrainingJob : IDisposable
{
    private const int LogInterval = 50;

    private const string ValidationColumns = "step,structure,noise,rms_before,rms_after_1,rms_after_8";

    private readonly TrainingRun _run;
    private readonly TrainingFiles _files;
    private readonly KeyValuePair<string, string>[] _settings;
    private readonly Validation _validation;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _saved;
    private long? _kept;
    private double _temperature = 1;

    /// <param name="run">at its start, or where an earlier one stopped</param>
    /// <param name="files">where everything goes</param>
    /// <param name="settings">see <see cref="TrainingState.Load"/></param>
    /// <param name="pool">threads, borrowed</param>
    public TrainingJob(TrainingRun run, TrainingFiles files, IEnumerable<KeyValuePair<string, string>> settings, WorkerPool pool)
    {
        (_run, _files, _settings) = (run, files, [.. settings]);
        _validation = new(run.Structures, run.Settings, pool);
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
        using var validations = new CsvLog(_files.Validation, ValidationColumns + (_run.Settings.HasClasses ? ",named" : ""), _run.Step);
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

        if (_run.Settings.HasClasses && _run.Settings.ScoreScale == 0 && _run.IsSound)
            Calibrate(observer);
        Save();
        File.Delete(_files.State);
        return _run.IsSound ? true : throw new InputException(string.Create(CultureInfo.InvariantCulture,
            $"training ends badly: the mean squared error is {_run.Loss:g3} Å^2 after a lowest of {_run.LowestLoss:g3}. ") +
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
        IReadOnlyList<ValidationRow> rows = _validation.Evaluate(_run.AverageModel);
        foreach (ValidationRow row in rows)
            log.Write($"{_run.Step},{row.Structure},{row.Noise:F4},{row.Before:F5},{row.AfterOne:F5},{row.AfterEight:F5}{Named(row)}");
        log.Flush();
        observer.Validated(_run, rows);
    }

    /// <summary>Of a conservative score nothing: there, how steep the logits are is how far atoms move.</summary>
    private void Calibrate(ITrainingObserver observer)
    {
        TemperatureScaling heldOut = _validation.HeldOut(_run.AverageModel);
        _temperature = heldOut.Best();
        observer.Calibrated(heldOut, _temperature);
    }

    private static string Named(ValidationRow row) =>
        double.IsNaN(row.Named) ? "" : string.Create(CultureInfo.InvariantCulture, $",{row.Named:F5}");

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
        NequipModel model = _run.AverageModel;
        if (_temperature != 1)
            metadata["training temperature"] = _temperature.ToString("g6", CultureInfo.InvariantCulture);
        StateDict state = _temperature == 1 ? model.ToStateDict() : CalibratedReadout.Of(model, _temperature);
        CheckpointWriter.Save(_files.Model, state, model.Config, metadata);
        _kept = _run.Step;
    }
}
