namespace Denoise.Trajectories.Compressed;

/// <summary>How reals are made whole numbers; the values stand in files.</summary>
internal enum GridKind
{
    /// <summary>Multiples of a step.</summary>
    Step = 0,

    /// <summary>A whole number over a power of ten, as text with a fixed number of decimals has.</summary>
    Decimals = 1,

    /// <summary>The bits of a double.</summary>
    Bits = 2,
}
