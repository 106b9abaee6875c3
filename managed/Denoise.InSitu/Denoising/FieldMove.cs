namespace Denoise.InSitu.Denoising;

/// <summary>What one iteration did to the owned atoms of a rank. Lengths in model Å.</summary>
internal readonly record struct FieldMove
{
    /// <summary>The first atom whose prediction is not finite, or -1; then the rest is meaningless.</summary>
    public int FirstWrong { get; init; }

    public double LargestPrediction { get; init; }

    /// <summary>Largest |D|.</summary>
    public double LargestDisplacement { get; init; }
}
