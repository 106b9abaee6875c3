namespace Denoise.Trajectories.Compressed;

/// <summary>What the chunks of a file are encoded with, one after the other.</summary>
internal sealed class EncoderTools
{
    public LatticeFit Lattice { get; } = new();

    public PositionCoder Positions { get; } = new();

    public ChunkFormat Format { get; } = new();

    public ByteSink Columns { get; } = new();

    public LeastSquares Affine { get; } = new(4, 3);
}
