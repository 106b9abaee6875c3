namespace Denoise.Training.Runs;

/// <summary>
/// The loss of the last fifty batches or so, and its lowest. A single batch counts for no more than a bound: noise can put two atoms of
/// a sample nearly into one place, where predictions are of any size (in diamond, whose bonds are short, once in some thousand
/// batches); the gradient of such a batch is clipped, and the next is as good as the one before. Diverging lasts.
/// </summary>
internal static class SmoothedLoss
{
    private const double Memory = 0.98;

    /// <summary>Of the loss so far: what one batch counts for at most. Ten such batches in a row are twenty times the loss.</summary>
    private const double Bound = 20;

    /// <param name="before">smoothed; 0 at the first batch</param>
    /// <param name="batch">loss of the next batch, finite</param>
    public static double Next(double before, double batch) =>
        before == 0 ? batch : Memory * before + (1 - Memory) * Math.Min(batch, Bound * before);
}
