using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.InSitu;
using Denoise.Parallel.Decomposition;

namespace Denoise.Cli.Analysis;

/// <summary>Several processes: each denoises the atoms of its part of the box, among copies of those around it.</summary>
internal sealed unsafe class DistributedAnalyzer(Ranks ranks) : IFrameAnalyzer
{
    private readonly DomainDecomposition _domains = new(ranks.Communicator);
    private readonly NativeBuffer<double> _moves = new();

    public void Prepare(Frame frame) => _domains.Plan(frame.Box, frame.Positions.Pointer, frame.Count);

    public FrameResult Analyze(Session session, FrameHeader header, Frame frame)
    {
        if (ranks.IsRoot)
            _domains.Scatter(frame.Positions.Pointer, frame.Types.Pointer, frame.Ids.Pointer);
        else
            _domains.Scatter(null, null, null);

        Box cell = header.Cell.ToBox();
        FrameResult result = GhostRange.Process(
            session, header, (range, isLast) => Attempt(session, header.Step, cell, range, isLast));
        if (result.Iterations > 0)
            GatherMoves(result, frame);
        return result;
    }

    public void Collect(long* rows, long* target) => _domains.Gather(rows, 1, target);

    public void Dispose()
    {
        _domains.Dispose();
        _moves.Dispose();
    }

    private FrameResult? Attempt(Session session, long step, Box cell, double range, bool isLast)
    {
        ranks.Alike(() => _domains.BuildGhosts(range, session.MostGhosts(_domains.LocalCount)));
        FrameResult? result = null;
        ranks.Together(() =>
        {
            try
            {
                result = session.Process(new FrameInput
                {
                    Step = step,
                    LocalCount = _domains.LocalCount,
                    Positions = _domains.Positions.Span,
                    Types = _domains.Types.Span,
                    Ids = _domains.Ids.Span,
                    Cell = cell,
                    GhostCutoff = range,
                    Halo = _domains.Halo,
                });
            }
            catch (SessionException failure) when (!isLast && GhostRange.IsTooShort(session, range)
                && failure.Error is SessionError.Communication or SessionError.OtherRank)
            {
                // All ranks are here: what is needed is the same everywhere.
            }
        });
        return result;
    }

    private void GatherMoves(FrameResult result, Frame frame)
    {
        if (ranks.IsRoot)
            _moves.Resize(3L * frame.Count);
        fixed (double* moves = result.Positions)
            _domains.Gather(moves, 3, _moves.Pointer);
        if (!ranks.IsRoot)
            return;
        // Not positions: the frame's atoms may lie in other images than the wrapped ones here.
        for (long k = 0; k < 3L * frame.Count; k++)
            frame.Positions[k] += _moves[k];
    }
}
