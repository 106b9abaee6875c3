using Denoise.Atoms;
using Denoise.Networks.Models;
using Denoise.Training.Batches;

namespace Denoise.Training.Fused;

/// <summary>The loss of a batch and its gradient by the weights, which are read anew by every evaluation.</summary>
public interface IBatchGradient : IDisposable
{
    /// <summary>Of the last <see cref="Evaluate"/>.</summary>
    ParameterGradients Gradients { get; }

    /// <summary>
    /// Mean squared error of the displacements over all atoms and components, Å^2, and, where the network has logits, the weighted mean
    /// cross entropy of the atoms that have a class; replaces the gradients and the batch's residuals.
    /// </summary>
    /// <exception cref="InputException">an atom has a species or a class that the network does not know</exception>
    double Evaluate(TrainingBatch batch);
}
