namespace Denoise.Training.Optimization;

/// <summary>Linear warm-up, then half a cosine (arXiv 1608.03983) down to a hundredth.</summary>
/// <param name="Peak">largest rate</param>
/// <param name="WarmUp">steps up to it</param>
/// <param name="Total">steps in all</param>
public readonly record struct LearningRateSchedule(double Peak, long WarmUp, long Total)
{
    private const double Floor = 0.01;

    /// <summary>The rate of a step, counted from 1.</summary>
    public double At(long step)
    {
        if (step <= WarmUp)
            return Peak * step / WarmUp;
        double progress = Math.Min(1, (double)(step - WarmUp) / Math.Max(1, Total - WarmUp));
        return Peak * (Floor + (1 - Floor) * 0.5 * (1 + Math.Cos(Math.PI * progress)));
    }
}
