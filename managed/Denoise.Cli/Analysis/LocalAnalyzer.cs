using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.InSitu;

namespace Denoise.Cli.Analysis;

/// <summary>One process: the session makes the periodic images itself.</summary>
internal sealed class LocalAnalyzer : IFrameAnalyzer
{
    public void Prepare(Frame frame) { }

    public FrameResult Analyze(Session session, long step, Frame frame, NativeBuffer<int> codes, NativeBuffer<int> types)
    {
        FrameResult result = session.Process(new FrameInput
        {
            Step = step,
            LocalCount = frame.Count,
            Positions = frame.Positions.Span,
            Types = codes.Span,
            Ids = frame.Ids.Span,
            Box = frame.Box,
        });
        result.Positions.CopyTo(frame.Positions.Span);
        types.Resize(frame.Count);
        result.StructureTypes.CopyTo(types.Span);
        return result;
    }

    public void Dispose() { }
}
