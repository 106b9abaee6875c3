using Denoise.Atoms;
using Denoise.Parallel;

namespace Denoise.Trajectories.Compressed;

/// <summary>
/// Positions of the same atoms in some frames as bytes: a .dnz file (docs/dnz.md) in memory, for filters of other formats.
/// </summary>
public static class PackedPositions
{
    /// <summary>Frames and atoms that one may have.</summary>
    public const int Most = 1 << 28;

    /// <summary>Packs them.</summary>
    /// <param name="positions">[frames, atoms, 3] in any unit</param>
    /// <param name="frames">how many</param>
    /// <param name="atoms">the same in each</param>
    /// <param name="bound">no coordinate that comes back is farther from its original; > 0</param>
    /// <exception cref="InputException">a coordinate is not finite, or too large for the bound</exception>
    public static byte[] Pack(ReadOnlySpan<double> positions, int frames, int atoms, double bound)
    {
        using MemoryStream stream = new();
        using FrameCompressor compressor = new(
            new() { Bound = bound, KeyEvery = Math.Max(1, frames) }, SerialCommunicator.Instance, new StreamTarget(stream));
        using Frame frame = new();
        frame.Resize(atoms);
        // Nothing is known of a box, and none is needed.
        (frame.Box, frame.Unwrapped) = (Box.Orthogonal(1, 1, 1), true);
        for (int i = 0; i < atoms; i++)
            (frame.Ids[i], frame.Types[i]) = (i + 1, 1);
        compressor.Begin();
        for (int f = 0; f < frames; f++)
        {
            frame.Step = f;
            positions.Slice(checked(3 * atoms * f), 3 * atoms).CopyTo(frame.Positions.Span);
            compressor.Write(frame);
        }

        compressor.End();
        return stream.ToArray();
    }

    /// <summary>Unpacks what <see cref="Pack"/> has made of the same number of frames and atoms.</summary>
    /// <param name="bytes">they may be any</param>
    /// <param name="frames">how many</param>
    /// <param name="atoms">in each</param>
    /// <param name="positions">[frames, atoms, 3] result</param>
    /// <exception cref="InputException">they are not these, or damaged</exception>
    public static void Unpack(byte[] bytes, int frames, int atoms, Span<double> positions)
    {
        using TrajectoryReader reader = TrajectoryReader.Open(new MemoryStream(bytes), "packed positions");
        using Frame frame = new();
        for (int f = 0; f < frames; f++)
        {
            if (!reader.Read(frame) || frame.Count != atoms || reader.Warnings.Count > 0)
                throw Damaged(reader);
            frame.Positions.Span[..(3 * atoms)].CopyTo(positions.Slice(checked(3 * atoms * f), 3 * atoms));
        }

        if (reader.Skip() || reader.Warnings.Count > 0)
            throw Damaged(reader);
    }

    private static InputException Damaged(TrajectoryReader reader) => new(reader.Warnings.Count > 0
        ? reader.Warnings[0] : "packed positions: they are of other frames or atoms than asked for; they were mixed up with others");
}
