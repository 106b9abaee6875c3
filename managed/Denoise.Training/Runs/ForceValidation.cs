using System.Globalization;
using Denoise.Atoms.Threading;
using Denoise.Networks.Engines;
using Denoise.Networks.Models;
using Denoise.Training.Calibration;
using Denoise.Training.Forces;

namespace Denoise.Training.Runs;

/// <summary>How well a run predicts energies and forces, or finds minima, of structures that it does not see.</summary>
internal sealed class ForceValidation(TrainingRun run, IReadOnlyList<ForceFrame> heldOut, WorkerPool pool) : IRunValidation
{
    private readonly ForceEvaluator _evaluator = new(pool);

    public string Columns => run.IsFittingForces
        ? "step,energy_mae_ev_per_atom,energy_rmse_ev_per_atom,force_mae_ev_per_angstrom,force_rmse_ev_per_angstrom,force_cosine"
        : "step,rms_before,rms_after_1,rms_after_8";

    public IEnumerable<FormattableString> Run(ITrainingObserver observer)
    {
        if (heldOut.Count == 0)
            return [];
        NequipModel model = new(run.AverageModel.Config, Scaled());
        using IEngine engine = EngineFactory.Create(model, pool);
        ForceErrors errors = _evaluator.Evaluate(engine, heldOut);
        observer.Validated(run, errors);
        if (!run.IsFittingForces)
            return [$"{run.Step},{errors.Distances[0]:F5},{errors.Distances[1]:F5},{errors.Distances[^1]:F5}"];
        VectorErrors forces = errors.Forces;
        return
        [
            $"{run.Step},{errors.EnergyError:g6},{errors.EnergyRms:g6},{forces.MeanAbsolute:g6},{forces.Rms:g6},{forces.Cosine:F5}",
        ];
    }

    public void Finish(ITrainingObserver observer)
    {
    }

    public StateDict Weights(IDictionary<string, string> metadata)
    {
        if (run.IsFittingForces)
        {
            metadata["training force unit"] = run.Data!.ForceScale.ToString("g6", CultureInfo.InvariantCulture) + " eV/Å";
            metadata["training energy unit"] = run.Data.EnergyScale.ToString("g6", CultureInfo.InvariantCulture) + " eV";
        }

        return Scaled();
    }

    public void Dispose() => _evaluator.Dispose();

    /// <summary>In eV and Å.</summary>
    private StateDict Scaled() => run.IsFittingForces
        ? ScaledReadout.Of(run.AverageModel, (Head.Energy, run.Data!.EnergyScale), (Head.Forces, run.Data.ForceScale),
            (Head.Displacement, run.Settings.Forces!.Denoising?.Noise ?? 1))
        : run.AverageModel.ToStateDict();
}
