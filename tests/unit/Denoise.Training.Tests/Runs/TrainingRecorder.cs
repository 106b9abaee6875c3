using Denoise.Training.Calibration;
using Denoise.Training.Forces;
using Denoise.Training.Runs;

namespace Denoise.Training.Tests.Runs;

/// <summary>Remembers what it is told, and may cancel.</summary>
internal sealed class TrainingRecorder : ITrainingObserver
{
    public List<double> Losses { get; } = [];

    public List<IReadOnlyList<ValidationRow>> Validations { get; } = [];

    public int CancelAt { get; init; }

    public CancellationTokenSource? Cancellation { get; init; }

    public Action<TrainingRun>? Watch { get; init; }

    public void Advanced(TrainingRun run)
    {
        Losses.Add(run.Loss);
        Watch?.Invoke(run);
        if (run.Step == CancelAt)
            Cancellation!.Cancel();
    }

    public double Temperature { get; private set; } = double.NaN;

    public void Calibrated(TemperatureScaling heldOut, double temperature) => Temperature = temperature;

    public void Validated(TrainingRun run, IReadOnlyList<ValidationRow> rows) => Validations.Add(rows);

    public List<ForceErrors> Forces { get; } = [];

    public void Validated(TrainingRun run, ForceErrors errors) => Forces.Add(errors);
}
