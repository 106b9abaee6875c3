using Denoise.Atoms.Memory;

namespace Denoise.Trajectories.Compressed;

/// <summary>What the chunks of a file are encoded with, one after the other.</summary>
internal sealed class EncoderTools : IDisposable
{
    public LatticeFit Lattice { get; } = new();

    public PositionCoder Coder { get; } = new();

    public ChunkFormat Format { get; } = new();

    public ByteSink Columns { get; } = new();

    public LeastSquares Affine { get; } = new(4, 3);

    /// <summary>[count, 4] of the chunk at hand, in its order, Å; the last unused.</summary>
    public NativeBuffer<double> Positions { get; } = new();

    /// <summary>[count, 4] the same, moved by whole edges to where they are nearest to their last ones.</summary>
    public NativeBuffer<double> Followed { get; } = new();

    /// <summary>[count, 3] these edges.</summary>
    public NativeBuffer<int> Images { get; } = new();

    /// <summary>[count, 3] what is left to code, and room for one more.</summary>
    public NativeBuffer<long> Residuals { get; } = new();

    /// <summary>Makes room for a chunk.</summary>
    public void Begin(int count)
    {
        Positions.Resize(4L * count);
        Followed.Resize(4L * count);
        Images.Resize(3L * count);
        Residuals.Resize(3L * count + 1);
        Coder.Begin(count);
    }

    public void Dispose()
    {
        Coder.Dispose();
        Positions.Dispose();
        Followed.Dispose();
        Images.Dispose();
        Residuals.Dispose();
    }
}
