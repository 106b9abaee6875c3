namespace Denoise.Training.Runs;

/// <summary>The files of a run, named after the model that it makes.</summary>
/// <param name="Model">the network, <c>NAME.pt</c>: the average of the weights as of the last save</param>
public sealed record TrainingFiles(string Model)
{
    /// <summary>Where to go on after an interruption; removed at the end.</summary>
    public string State => $"{Model}.resume";

    /// <summary>Loss and learning rate along the run.</summary>
    public string Log => Path.ChangeExtension(Model, ".log.csv");

    /// <summary>Errors before and after denoising per structure and noise level.</summary>
    public string Validation => Path.ChangeExtension(Model, ".validation.csv");

    public IReadOnlyList<string> All => [Model, State, Log, Validation];
}
