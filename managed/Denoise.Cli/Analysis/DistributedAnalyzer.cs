using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.InSitu;
using Denoise.Parallel.Decomposition;

namespace Denoise.Cli.Analysis;

/// <summary>
/// Several processes: each denoises the atoms of its part of the box. How far ghosts must reach depends on the length scale that
/// the session finds; it says so, and they are made again if they were too few.
/// </summary>
internal sealed unsafe class DistributedAnalyzer(Ranks ranks) : IFrameAnalyzer
{
    // Above what was needed last: fluctuations from frame to frame should not make ghosts twice.
    private const double Margin = 1.02;

    // The first guess where no model gives a cutoff: a few interatomic distances.
    private const double FirstRange = 6;

    private const int MostAttempts = 8;

    private readonly DomainDecomposition _domains = new(ranks.Communicator);
    private readonly NativeBuffer<double> _displacements = new();
    private readonly NativeBuffer<double> _allDisplacements = new();
    private double _range;

    public void Prepare(Frame frame) => _domains.Plan(frame.Box, frame.Positions.Pointer, frame.Count);

    public FrameResult Analyze(Session session, long step, Frame frame, NativeBuffer<int> codes, NativeBuffer<int> types)
    {
        if (ranks.IsRoot)
            _domains.Scatter(frame.Positions.Pointer, codes.Pointer, frame.Ids.Pointer);
        else
            _domains.Scatter(null, null, null);

        FrameResult result = Process(session, step);
        Gather(result, frame, types);
        return result;
    }

    public void Dispose()
    {
        _domains.Dispose();
        _displacements.Dispose();
        _allDisplacements.Dispose();
    }

    private FrameResult Process(Session session, long step)
    {
        if (_range == 0)
            _range = Math.Max(FirstRange, 1.3 * session.Info.Cutoff);
        for (int attempt = 1; ; attempt++)
        {
            ranks.Alike(() => _domains.BuildGhosts(_range));
            FrameResult? result = null;
            // Every rank is told the same need, whichever of them found it.
            bool IsTooShort() => session.Info.GhostCutoffNeeded > _range && attempt < MostAttempts;
            ranks.Together(() =>
            {
                try
                {
                    result = ProcessOnce(session, step);
                }
                catch (SessionException failure)
                    when (failure.Error is SessionError.Communication or SessionError.OtherRank && IsTooShort())
                {
                }
            });
            if (result is not null && !result.Warnings.HasFlag(FrameWarnings.GhostsShort))
                return result;
            if (result is not null && attempt == MostAttempts)
                return result;
            _range = Math.Max(session.Info.GhostCutoffNeeded * Margin, result is null ? 0 : _range * 1.2);
        }
    }

    private FrameResult ProcessOnce(Session session, long step) => session.Process(new FrameInput
    {
        Step = step,
        LocalCount = _domains.LocalCount,
        Positions = _domains.Positions.Span,
        Types = _domains.Types.Span,
        Ids = _domains.Ids.Span,
        GhostCutoff = _range,
        Halo = _domains.Halo,
    });

    private void Gather(FrameResult result, Frame frame, NativeBuffer<int> types)
    {
        // Displacements, not positions: the frame's atoms may lie in other images than the wrapped ones here.
        long coordinates = 3L * _domains.LocalCount;
        _displacements.Resize(coordinates);
        ReadOnlySpan<double> denoised = result.Positions;
        for (int k = 0; k < denoised.Length; k++)
            _displacements[k] = denoised[k] - _domains.Positions[k];

        if (ranks.IsRoot)
        {
            _allDisplacements.Resize(3L * frame.Count);
            types.Resize(frame.Count);
        }

        _domains.Gather(_displacements.Pointer, 3, _allDisplacements.Pointer);
        fixed (int* local = result.StructureTypes)
            _domains.Gather(local, 1, types.Pointer);
        if (!ranks.IsRoot)
            return;
        for (long k = 0; k < 3L * frame.Count; k++)
            frame.Positions[k] += _allDisplacements[k];
    }
}
