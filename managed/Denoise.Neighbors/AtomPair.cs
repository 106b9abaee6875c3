namespace Denoise.Neighbors;

/// <summary>Two atoms and their distance in Å; I = J = -1 and an infinite distance where there is no pair.</summary>
public readonly record struct AtomPair(int I, int J, double Distance)
{
    public static AtomPair None { get; } = new(-1, -1, double.PositiveInfinity);
}
