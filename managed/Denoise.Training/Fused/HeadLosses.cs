using Denoise.Networks.Engines.Fused;
using Denoise.Training.Batches;

namespace Denoise.Training.Fused;

/// <summary>What each head has predicted of some atoms of a batch against what it should have.</summary>
internal static unsafe class HeadLosses
{
    /// <summary>
    /// Sum of the squared errors of displacements. Predictions become the derivatives by them of the mean over the batch; the batch's
    /// residuals are replaced.
    /// </summary>
    public static double SquaredError(BlockPlane predictions, TrainingBatch batch, int first, int count)
    {
        float* target = batch.Targets.Pointer + 3L * first, residual = batch.Residuals.Pointer + 3L * first;
        double loss = 0, slope = 2 / (3.0 * batch.AtomCount);
        for (int k = 0; k < 3 * count; k++)
        {
            float* prediction = predictions.Row(0) + (nint)k * predictions.Channels;
            double error = (double)*prediction - target[k];
            loss += error * error;
            residual[k] = (float)-error;
            *prediction = (float)(slope * error);
        }

        return loss;
    }

    /// <summary>
    /// Sum of the cross entropies of atoms that have a class. Logits become the derivatives by them of the mean over the batch times a
    /// weight, 0 where an atom has no class.
    /// </summary>
    public static double CrossEntropy(BlockPlane predictions, TrainingBatch batch, int first, int count, double weight)
    {
        Span<double> logits = stackalloc double[predictions.Block.Multiplicity];
        double loss = 0, slope = weight / Math.Max(1, batch.LabelledCount);
        for (int i = 0; i < count; i++)
        {
            Span<float> row = new(predictions.Row(i), logits.Length);
            int wanted = batch.Classes[first + i];
            if (wanted == TrainingCell.Unlabelled)
            {
                row.Clear();
                continue;
            }

            for (int c = 0; c < logits.Length; c++)
                logits[c] = row[c];
            loss += Training.CrossEntropy.Backward(logits, wanted);
            for (int c = 0; c < logits.Length; c++)
                row[c] = (float)(slope * logits[c]);
        }

        return loss;
    }
}
