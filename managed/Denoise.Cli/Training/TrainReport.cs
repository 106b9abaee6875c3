using System.Diagnostics;
using System.Globalization;
using Denoise.Cli.Output;
using Denoise.Training.Calibration;
using Denoise.Training.Forces;
using Denoise.Training.Runs;

namespace Denoise.Cli.Training;

/// <summary>The progress bar, or a line a minute where there is none, and one line per structure and validation.</summary>
internal sealed class TrainReport(ProgressBar progress, TextWriter output, long firstStep) : ITrainingObserver
{
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(1);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _lastLine;
    private bool _hasHeader;

    public void Advanced(TrainingRun run)
    {
        long done = run.Step - firstStep, left = run.Settings.Steps - run.Step;
        TimeSpan remaining = _clock.Elapsed * ((double)left / done);
        string speed = string.Create(
            CultureInfo.InvariantCulture, $"loss {run.Loss:g3}{Unit(run)}, {done / _clock.Elapsed.TotalSeconds:F0} steps/s");
        progress.Show((double)run.Step / run.Settings.Steps, remaining, speed);
        if (!progress.IsDrawn && _clock.Elapsed - _lastLine > LongestSilence)
            Say($"step {run.Step} of {run.Settings.Steps}, {speed}, {ProgressBar.Duration(remaining)} left");
    }

    public void Validated(TrainingRun run, IReadOnlyList<ValidationRow> rows)
    {
        progress.Clear();
        if (!_hasHeader)
            output.WriteLine("Validation: noise, then rms displacement in Å before, after 1 and after 8 iterations" +
                (run.Settings.HasClasses ? ", and the part of the atoms that is named right" : ""));
        _hasHeader = true;
        int width = rows.Max(row => row.Structure.Length);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"step {run.Step}, loss {run.Loss:g4} Å²"));
        foreach (IGrouping<string, ValidationRow> structure in rows.GroupBy(row => row.Structure))
            output.WriteLine($"  {structure.Key.PadRight(width)}{string.Concat(structure.Select(Text))}");
        output.Flush();
        _lastLine = _clock.Elapsed;
    }

    public void Validated(TrainingRun run, ForceErrors errors)
    {
        progress.Clear();
        string loss = string.Create(CultureInfo.InvariantCulture, $"step {run.Step}, loss {run.Loss:g4}{Unit(run)}: ");
        if (!run.IsFittingForces)
        {
            double[] left = errors.Distances;
            Say(loss + string.Create(CultureInfo.InvariantCulture,
                $"rms distance to the minimum {left[0]:F4} Å, after 1 iteration {left[1]:F4}, after {left.Length - 1} {left[^1]:F4}"));
            return;
        }

        string energy = errors.Energies == 0 ? ""
            : string.Create(CultureInfo.InvariantCulture, $", energy MAE {1000 * errors.EnergyError:g4} meV/atom");
        Say(loss + string.Create(CultureInfo.InvariantCulture,
            $"force MAE {errors.Forces.MeanAbsolute:g4} eV/Å of {errors.Forces.Magnitude:g4}{energy}"));
    }

    public void Calibrated(TemperatureScaling heldOut, double temperature)
    {
        progress.Clear();
        Say(string.Create(CultureInfo.InvariantCulture,
            $"logits divided by {temperature:g3}: on {heldOut.Count} atoms of samples not trained on, after denoising, the probability of " +
            $"a name is off by {100 * heldOut.Error(temperature):F2}% (before: {100 * heldOut.Error(1):F2}%)"));
    }

    private static string Unit(TrainingRun run) => run.LossUnit.Length > 0 ? " Å²" : "";

    private void Say(string line)
    {
        output.WriteLine(line);
        output.Flush();
        _lastLine = _clock.Elapsed;
    }

    private static string Text(ValidationRow row) => string.Create(CultureInfo.InvariantCulture,
        $"   {100 * row.Noise,4:F1}%: {row.Before:F3} {row.AfterOne:F3} {row.AfterEight:F4}") +
        (double.IsNaN(row.Named) ? "" : string.Create(CultureInfo.InvariantCulture, $" {100 * row.Named:F2}%"));
}
