using Denoise.Networks.Models;
using Denoise.Training.Batches;

namespace Denoise.Training.Sampling;

/// <summary>Draws the batches of a training: the same whenever and by however many threads.</summary>
internal interface IBatchSource : IDisposable
{
    TrainingBatch Batch { get; }

    /// <summary>Replaces <see cref="Batch"/> by batch <paramref name="index"/>.</summary>
    void Draw(long index);

    /// <summary>Once the batch has been evaluated: what the next one goes on from.</summary>
    void Iterate();

    /// <summary>What a later run needs to go on.</summary>
    IEnumerable<Tensor> State();

    /// <exception cref="Atoms.InputException">the state is of other batches</exception>
    void Restore(StateDict state);
}
