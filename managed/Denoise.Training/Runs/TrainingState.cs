using System.Globalization;
using Denoise.Atoms;
using Denoise.Networks.Checkpoints;
using Denoise.Networks.Models;
using Denoise.Training.Optimization;
using Denoise.Training.Sampling;

namespace Denoise.Training.Runs;

/// <summary>
/// Where a run stands: weights, their average, the optimizer's moments and samples that go on, exactly. Stored as a checkpoint whose
/// network is the one being trained; the rest stands beside it under the prefixes below and those of the cells.
/// </summary>
public sealed class TrainingState
{
    private const string AveragePrefix = "average.";
    private const string FirstPrefix = "moment1.";
    private const string SecondPrefix = "moment2.";
    private const string SettingPrefix = "setting ";

    private readonly StateDict _tensors;
    private readonly NequipConfig _config;

    internal TrainingState(NequipModel model, IReadOnlyList<Tensor> average, AdamW optimizer, IBatchSource batches)
    {
        IEnumerable<Tensor> Moments(string prefix, IReadOnlyList<float[]> values) =>
            model.Parameters.Select((parameter, p) => new Tensor(prefix + parameter.Name, parameter.Shape, values[p]));
        _config = model.Config;
        _tensors = new("state of the training",
        [
            .. model.Parameters,
            .. average.Select(tensor => tensor with { Name = AveragePrefix + tensor.Name }),
            .. Moments(FirstPrefix, optimizer.FirstMoments),
            .. Moments(SecondPrefix, optimizer.SecondMoments),
            .. batches.State(),
        ]);
    }

    private TrainingState(Checkpoint file) => (_tensors, _config) = (file.Tensors, file.Config);

    /// <summary>Updates done.</summary>
    public long Step { get; init; }

    /// <summary>Smoothed, Å^2</summary>
    public double Loss { get; init; }

    public double LowestLoss { get; init; } = double.PositiveInfinity;

    /// <summary>Spent on the run so far, interruptions not counted.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Writes the state, or leaves what was there.</summary>
    /// <param name="path">the file</param>
    /// <param name="settings">of the run, compared by <see cref="Load"/></param>
    public void Save(string path, IEnumerable<KeyValuePair<string, string>> settings)
    {
        var metadata = settings.ToDictionary(setting => SettingPrefix + setting.Key, setting => setting.Value, StringComparer.Ordinal);
        metadata["step"] = Step.ToString(CultureInfo.InvariantCulture);
        metadata["loss"] = Loss.ToString("R", CultureInfo.InvariantCulture);
        metadata["lowest loss"] = LowestLoss.ToString("R", CultureInfo.InvariantCulture);
        metadata["seconds"] = Elapsed.TotalSeconds.ToString("F3", CultureInfo.InvariantCulture);
        CheckpointWriter.Save(path, _tensors, _config, metadata);
    }

    /// <summary>Reads the state of a run with the same settings.</summary>
    /// <exception cref="InputException">no such file, damaged, or of a run with other settings: the first that differs is named</exception>
    public static TrainingState Load(string path, IEnumerable<KeyValuePair<string, string>> settings)
    {
        Checkpoint file = Checkpoint.Load(path);
        foreach ((string name, string value) in settings)
        {
            if (!file.Metadata.TryGetValue(SettingPrefix + name, out string? stored))
                throw new InputException($"{path}: is not the state of a training run.");
            if (stored != value)
                throw new InputException($"{path}: that run had {name} = {stored}, and this one has {value}; give the same options to " +
                    "resume it, or leave out --resume to start anew.");
        }

        double Number(string name) =>
            file.Metadata.TryGetValue(name, out string? text) &&
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                ? value
                : throw new InputException($"{path}: is not the state of a training run: it does not say '{name}'.");
        return new(file)
        {
            Step = (long)Number("step"),
            Loss = Number("loss"),
            LowestLoss = Number("lowest loss"),
            Elapsed = TimeSpan.FromSeconds(Math.Clamp(Number("seconds"), 0, 1e10)),
        };
    }

    internal void Restore(IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> average, AdamW optimizer, IBatchSource batches)
    {
        void Copy(string name, float[] to) => _tensors.Get(name, to.Length).Values.CopyTo(to, 0);
        for (int p = 0; p < parameters.Count; p++)
        {
            string name = parameters[p].Name;
            Copy(name, parameters[p].Values);
            Copy(AveragePrefix + name, average[p].Values);
            Copy(FirstPrefix + name, optimizer.FirstMoments[p]);
            Copy(SecondPrefix + name, optimizer.SecondMoments[p]);
        }

        batches.Restore(_tensors);
    }
}
