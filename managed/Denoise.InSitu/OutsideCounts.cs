namespace Denoise.InSitu;

/// <summary>
/// How much of a frame is outside of what the model knows: of all atoms that the network sees, selected or not, on all ranks. A few
/// are found in good frames too; <see cref="Warnings"/> says where they are too many. Measured on the snapshots of tests/validation
/// and on structures that no model here knows (omega titanium, diamond, surfaces); the README there has the table.
/// </summary>
public readonly record struct OutsideCounts
{
    private const double BeyondNoiseShare = 0.001;
    private const double OddDensityShare = 0.05;
    private const double UnsettledShare = 0.4;
    private const double AstrayShare = 0.125;

    /// <summary>Atoms that the network sees.</summary>
    public long Seen { get; init; }

    /// <summary>That it would have moved farther than 1.5 spacings, where they were held back; one is too many.</summary>
    public long Held { get; init; }

    /// <summary>Whose first predicted displacement is longer than the noise of training; too many: 0.1%.</summary>
    public long BeyondNoise { get; init; }

    /// <summary>With far fewer or far more neighbors than in training; too many: 5%.</summary>
    public long OddDensity { get; init; }

    /// <summary>That it would still move, by more than 2% of a spacing, after the last iteration; too many: 40%.</summary>
    public long Unsettled { get; init; }

    /// <summary>
    /// That ended in another direction than the first prediction, by more than 60 degrees: what was taken off is not the noise that
    /// the network saw at first, but the way to a structure that it knows better. Too many: an eighth.
    /// </summary>
    public long Astray { get; init; }

    /// <summary>What is to be said of them.</summary>
    public FrameWarnings Warnings =>
        When(Held > 0, FrameWarnings.Held)
        | When(BeyondNoise > BeyondNoiseShare * Seen, FrameWarnings.BeyondNoise)
        | When(OddDensity > OddDensityShare * Seen, FrameWarnings.OddDensity)
        | When(Unsettled > UnsettledShare * Seen, FrameWarnings.Unsettled)
        | When(Astray > AstrayShare * Seen, FrameWarnings.Astray);

    internal OutsideCounts Plus(in OutsideCounts other) => new()
    {
        Seen = Seen + other.Seen,
        Held = Held + other.Held,
        BeyondNoise = BeyondNoise + other.BeyondNoise,
        OddDensity = OddDensity + other.OddDensity,
        Unsettled = Unsettled + other.Unsettled,
        Astray = Astray + other.Astray,
    };

    private static FrameWarnings When(bool condition, FrameWarnings warning) => condition ? warning : FrameWarnings.None;
}
