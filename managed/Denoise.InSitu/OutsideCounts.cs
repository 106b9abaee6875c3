using Denoise.InSitu.Denoising;

namespace Denoise.InSitu;

/// <summary>
/// How much of a frame is outside of what the model knows: of all atoms that the network sees, selected or not, on all ranks. A few
/// are found in good frames too; <see cref="FrameWarnings"/> says where they are too many.
/// </summary>
public readonly record struct OutsideCounts
{
    private const double Share = 0.01;
    private const double UnsettledShare = 0.2;

    /// <summary>Atoms that the network sees.</summary>
    public long Seen { get; init; }

    /// <summary>That it would have moved farther than <see cref="ModelLimits.LargestMove"/>, where they were held back.</summary>
    public long Held { get; init; }

    /// <summary>Whose first predicted displacement is longer than <see cref="ModelLimits.LargestNoise"/>.</summary>
    public long BeyondNoise { get; init; }

    /// <summary>With fewer neighbors than <see cref="ModelLimits.FewestNeighbors"/>, or more than the most.</summary>
    public long OddDensity { get; init; }

    /// <summary>That it would still move, by more than the tolerance, after the last iteration.</summary>
    public long Unsettled { get; init; }

    /// <summary>What is to be said of them.</summary>
    public FrameWarnings Warnings =>
        When(Held > Share * Seen, FrameWarnings.Held)
        | When(BeyondNoise > Share * Seen, FrameWarnings.BeyondNoise)
        | When(OddDensity > Share * Seen, FrameWarnings.OddDensity)
        | When(Unsettled > UnsettledShare * Seen, FrameWarnings.Unsettled);

    private static FrameWarnings When(bool condition, FrameWarnings warning) => condition ? warning : FrameWarnings.None;
}
