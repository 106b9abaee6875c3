using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Cli.Analysis;
using Denoise.Trajectories;

namespace Denoise.Cli.Output;

/// <summary>A frame of which all is known.</summary>
/// <param name="summary">what is said of it</param>
internal abstract class FinishedFrame(FrameSummary summary)
{
    public FrameSummary Summary { get; } = summary;

    public abstract void WriteTo(TrajectoryWriter writer);
}

/// <summary>One whose atoms are here.</summary>
internal sealed class LocalFrame(FrameSummary summary, Frame frame) : FinishedFrame(summary)
{
    public override void WriteTo(TrajectoryWriter writer) => writer.Write(frame);
}

/// <summary>One that another process has encoded.</summary>
internal sealed unsafe class EncodedFrame(FrameSummary summary, NativeBuffer<byte> bytes, FramePiece piece) : FinishedFrame(summary)
{
    public override void WriteTo(TrajectoryWriter writer) => writer.Append(bytes.Pointer, bytes.Length, piece);
}
