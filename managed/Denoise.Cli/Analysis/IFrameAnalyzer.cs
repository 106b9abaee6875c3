using Denoise.Atoms;
using Denoise.InSitu;

namespace Denoise.Cli.Analysis;

/// <summary>Runs a session on a whole frame, on one process or on several.</summary>
internal unsafe interface IFrameAnalyzer : IDisposable
{
    /// <summary>On the first rank, before <see cref="Analyze"/>: whatever may be wrong with the frame. Not collective.</summary>
    void Prepare(Frame frame);

    /// <summary>Moves the atoms of the frame, which counts on the first rank only, to their denoised positions.</summary>
    FrameResult Analyze(Session session, FrameHeader header, Frame frame);

    /// <summary>Brings a value per atom into the order of the frame.</summary>
    /// <param name="rows">[nLocal] of the result</param>
    /// <param name="target">[frame.Count], on the first rank only</param>
    void Collect(long* rows, long* target);
}
