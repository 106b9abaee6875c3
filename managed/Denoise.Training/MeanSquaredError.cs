namespace Denoise.Training;

/// <summary>L = mean over all atoms and components of (prediction - target)^2.</summary>
public static class MeanSquaredError
{
    /// <param name="prediction">[n] any shape, flattened</param>
    /// <param name="target">[n]</param>
    /// <returns>the loss; 0 for n = 0</returns>
    public static double Forward(ReadOnlySpan<double> prediction, ReadOnlySpan<double> target)
    {
        if (prediction.Length != target.Length)
            throw new ArgumentException($"{prediction.Length} predictions for {target.Length} targets", nameof(target));
        double sum = 0;
        for (int i = 0; i < prediction.Length; i++)
            sum += (prediction[i] - target[i]) * (prediction[i] - target[i]);
        return prediction.Length == 0 ? 0 : sum / prediction.Length;
    }

    /// <param name="prediction">[n]</param>
    /// <param name="target">[n]</param>
    /// <param name="predictionAdj">[n] dL/dprediction, overwritten</param>
    public static void Backward(ReadOnlySpan<double> prediction, ReadOnlySpan<double> target, Span<double> predictionAdj)
    {
        for (int i = 0; i < prediction.Length; i++)
            predictionAdj[i] = 2 * (prediction[i] - target[i]) / prediction.Length;
    }
}
