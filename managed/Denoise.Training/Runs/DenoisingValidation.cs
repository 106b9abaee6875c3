using System.Globalization;
using Denoise.Atoms.Threading;
using Denoise.Networks.Models;
using Denoise.Training.Calibration;

namespace Denoise.Training.Runs;

/// <summary>How well a run denoises, and how far its names can be trusted.</summary>
internal sealed class DenoisingValidation(TrainingRun run, WorkerPool pool) : IRunValidation
{
    private readonly Validation _validation = new(run.Structures, run.Settings, pool);
    private double _temperature = 1;

    public string Columns => "step,structure,noise,rms_before,rms_after_1,rms_after_8" + (run.Settings.HasClasses ? ",named" : "");

    public IEnumerable<FormattableString> Run(ITrainingObserver observer)
    {
        IReadOnlyList<ValidationRow> rows = _validation.Evaluate(run.AverageModel);
        observer.Validated(run, rows);
        return rows.Select(row => (FormattableString)
            $"{run.Step},{row.Structure},{row.Noise:F4},{row.Before:F5},{row.AfterOne:F5},{row.AfterEight:F5}{Named(row)}");
    }

    /// <summary>Of a conservative score nothing: there, how steep the logits are is how far atoms move.</summary>
    public void Finish(ITrainingObserver observer)
    {
        if (!run.Settings.HasClasses || run.Settings.ScoreScale > 0)
            return;
        TemperatureScaling heldOut = _validation.HeldOut(run.AverageModel);
        _temperature = heldOut.Best();
        observer.Calibrated(heldOut, _temperature);
    }

    public StateDict Weights(IDictionary<string, string> metadata)
    {
        if (_temperature == 1)
            return run.AverageModel.ToStateDict();
        metadata["training temperature"] = _temperature.ToString("g6", CultureInfo.InvariantCulture);
        return ScaledReadout.Of(run.AverageModel, (Head.Logits, 1 / _temperature));
    }

    public void Dispose() => _validation.Dispose();

    private static string Named(ValidationRow row) =>
        double.IsNaN(row.Named) ? "" : string.Create(CultureInfo.InvariantCulture, $",{row.Named:F5}");
}
