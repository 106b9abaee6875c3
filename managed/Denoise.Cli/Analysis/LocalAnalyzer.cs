using System.Runtime.InteropServices;
using Denoise.Atoms;
using Denoise.InSitu;

namespace Denoise.Cli.Analysis;

/// <summary>One process: the session makes the periodic images itself.</summary>
/// <param name="isTold">whether the model is told the forces of frames that hold some</param>
internal sealed unsafe class LocalAnalyzer(bool isTold) : IFrameAnalyzer
{
    private readonly List<double> _forces = [];
    private int _count;

    public void Prepare(Frame frame)
    {
        _forces.Clear();
        if (isTold)
            FrameForces.Read(frame, _forces);
    }

    public FrameResult Analyze(Session session, FrameHeader header, Frame frame)
    {
        FrameResult result = GhostRange.Process(session, header, (range, isLast) =>
        {
            try
            {
                return session.Process(new FrameInput
                {
                    Step = frame.Step,
                    LocalCount = frame.Count,
                    Positions = frame.Positions.Span,
                    Types = frame.Types.Span,
                    Ids = frame.Ids.Span,
                    Forces = CollectionsMarshal.AsSpan(_forces),
                    Box = frame.Box,
                    GhostCutoff = range,
                });
            }
            catch (SessionException failure)
                when (!isLast && failure.Error == SessionError.Communication && GhostRange.IsTooShort(session, range))
            {
                return null;
            }
        });
        _count = frame.Count;
        if (result.Iterations == 0)
            return result;
        ReadOnlySpan<double> moves = result.Positions;
        for (int k = 0; k < moves.Length; k++)
            frame.Positions[k] += moves[k];
        return result;
    }

    public void Collect(long* rows, long* target) => new ReadOnlySpan<long>(rows, _count).CopyTo(new Span<long>(target, _count));

    public void Dispose() { }
}
