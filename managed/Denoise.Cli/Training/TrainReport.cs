using System.Diagnostics;
using System.Globalization;
using Denoise.Cli.Output;
using Denoise.Training.Runs;

namespace Denoise.Cli.Training;

/// <summary>The progress bar, and one line per structure and validation.</summary>
internal sealed class TrainReport(ProgressBar progress, TextWriter output, long firstStep) : ITrainingObserver
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private bool _hasHeader;

    public void Advanced(TrainingRun run)
    {
        long done = run.Step - firstStep, left = run.Settings.Steps - run.Step;
        TimeSpan remaining = _clock.Elapsed * ((double)left / done);
        progress.Show((double)run.Step / run.Settings.Steps, remaining,
            string.Create(CultureInfo.InvariantCulture, $"loss {run.Loss:g3} Å², {done / _clock.Elapsed.TotalSeconds:F0} steps/s"));
    }

    public void Validated(TrainingRun run, IReadOnlyList<ValidationRow> rows)
    {
        progress.Clear();
        if (!_hasHeader)
            output.WriteLine("   step    loss Å²  structure     noise  rms Å:  before  after 1  after 8");
        _hasHeader = true;
        // Each structure's largest noise; the log has all of them.
        foreach (ValidationRow row in rows.GroupBy(row => row.Structure).Select(group => group.MaxBy(row => row.Noise)))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{run.Step,7}  {run.Loss,9:g4}  {row.Structure,-12} {row.Noise,6:P0}         " +
                $"{row.Before,7:F4} {row.AfterOne,8:F4} {row.AfterEight,8:F4}"));
        output.Flush();
    }
}
