using System.Runtime.Intrinsics;
using Denoise.Atoms.Memory;

namespace Denoise.Trajectories.Compressed;

/// <summary>
/// The positions of a chunk as small whole numbers: what the prediction of each atom from its site, its past and its neighbors
/// leaves, on the grid. Both ways are one piece of code, so that both do the same arithmetic in the same order.
/// </summary>
internal sealed unsafe class PositionCoder : IDisposable
{
    internal interface IDirection
    {
        static abstract bool Encodes { get; }
    }

    private readonly struct Encoding : IDirection
    {
        public static bool Encodes => true;
    }

    private readonly struct Decoding : IDirection
    {
        public static bool Encodes => false;
    }

    /// <summary>Atoms near a face, axis by axis: how many edges away from where they were expected, -1 to 1.</summary>
    public List<long> Crossings { get; } = [];

    public List<SpecialAtom> Specials { get; } = [];

    /// <summary>[Count + 1, 4] what remained of the displacements in the frame at hand; zero in the last row, which stands for no atom.</summary>
    public NativeBuffer<double> Innovations { get; } = new();

    /// <summary>Largest distance of an encoded coordinate from the original, Å.</summary>
    public double LargestError { get; private set; }

    /// <summary>Lowest encoded coordinates, Å.</summary>
    public Vector256<double> Low { get; private set; }

    /// <summary>Highest encoded coordinates, Å.</summary>
    public Vector256<double> High { get; private set; }

    /// <summary>Makes room for the innovations of a chunk.</summary>
    public void Begin(int count)
    {
        Innovations.Resize(4L * (count + 1));
        Vector256<double>.Zero.Store(Innovations.Pointer + 4L * count);
    }

    /// <param name="state">of the chunk, before and after</param>
    /// <param name="model">of the frame</param>
    /// <param name="bound">Å; what comes back farther away is given in full</param>
    /// <param name="original">[Count, 4] Å; replaced by what a decoder will find</param>
    /// <param name="images">[Count, 3] edges that were added to follow each atom; null: none</param>
    /// <param name="residuals">[Count, 3] result; one more is written</param>
    public void Encode(ChunkState state, ChunkModel model, double bound, double* original, int* images, long* residuals)
    {
        Crossings.Clear();
        Specials.Clear();
        Run<Encoding>(state, model, bound, original, images, residuals);
    }

    /// <summary>The same back; <see cref="Crossings"/> and <see cref="Specials"/> are given.</summary>
    /// <exception cref="DamagedChunkException">a position is not finite, or there are too few crossings</exception>
    public void Decode(ChunkState state, ChunkModel model, double* positions, long* residuals) =>
        Run<Decoding>(state, model, 0, positions, null, residuals);

    public void Dispose() => Innovations.Dispose();

    private void Run<TDirection>(ChunkState state, ChunkModel model, double bound, double* positions, int* images, long* residuals)
        where TDirection : IDirection
    {
        Begin(state.Count);
        Vector256<double>* weights = stackalloc Vector256<double>[ChunkState.MostNeighbors];
        PositionPass<TDirection> pass = new(this, state, model, bound, weights, Innovations.Pointer, positions, images, residuals);
        pass.Run();
        // The displacements of this frame went to where those before the last were.
        state.SwapLast();
        if (!Vector256.EqualsAll(pass.Finite, Vector256<double>.Zero) || (!TDirection.Encodes && pass.Crossings != Crossings.Count))
            throw new DamagedChunkException("its positions are none");
        state.Frames++;
        LargestError = Math.Max(pass.LargestError[0], Math.Max(pass.LargestError[1], pass.LargestError[2]));
        (Low, High) = state.Count > 0 ? (pass.Low, pass.High) : default;
    }
}
