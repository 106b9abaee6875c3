using Denoise.Training.Calibration;
using Denoise.Training.Forces;

namespace Denoise.Training.Runs;

/// <summary>Who shows how a run goes.</summary>
public interface ITrainingObserver
{
    /// <summary>After every update.</summary>
    void Advanced(TrainingRun run);

    /// <summary>After every validation.</summary>
    void Validated(TrainingRun run, IReadOnlyList<ValidationRow> rows);

    /// <summary>The same of a training from forces.</summary>
    void Validated(TrainingRun run, ForceErrors errors);

    /// <summary>At the end of a training that names.</summary>
    /// <param name="heldOut">atoms that were not trained on</param>
    /// <param name="temperature">by which their logits have been divided</param>
    void Calibrated(TemperatureScaling heldOut, double temperature);
}
