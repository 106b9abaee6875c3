using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.InSitu;

namespace Denoise.Cli.Analysis;

/// <summary>One process: the session makes the periodic images itself.</summary>
internal sealed class LocalAnalyzer : IFrameAnalyzer
{
    public void Prepare(Frame frame) { }

    public FrameResult Analyze(
        Session session, FrameHeader header, Frame frame, NativeBuffer<int> codes, NativeBuffer<int> types,
        NativeBuffer<double>? displacements)
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
                    Types = codes.Span,
                    Ids = frame.Ids.Span,
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
        result.Positions.CopyTo(frame.Positions.Span);
        types.Resize(frame.Count);
        result.StructureTypes.CopyTo(types.Span);
        if (displacements is not null)
        {
            displacements.Resize(frame.Count);
            result.Displacements.CopyTo(displacements.Span);
        }

        return result;
    }

    public void Dispose() { }
}
