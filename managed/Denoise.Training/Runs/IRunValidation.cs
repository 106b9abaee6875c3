using Denoise.Networks.Models;

namespace Denoise.Training.Runs;

/// <summary>What a run is measured by, and what of its average goes into the model.</summary>
internal interface IRunValidation : IDisposable
{
    /// <summary>Of the table, the step first.</summary>
    string Columns { get; }

    /// <summary>Measures the average of the weights, tells the observer, and returns lines of the table.</summary>
    IEnumerable<FormattableString> Run(ITrainingObserver observer);

    /// <summary>After the last step.</summary>
    void Finish(ITrainingObserver observer);

    /// <summary>The average of the weights as users shall have it.</summary>
    /// <param name="metadata">of the model, added to</param>
    StateDict Weights(IDictionary<string, string> metadata);
}
