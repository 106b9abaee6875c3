using System.Diagnostics;

namespace Denoise.InSitu.Timing;

/// <summary>
/// Wall time in seconds that one frame took on this rank. The clock is always in exactly one stage, so that the stages add up to the
/// total whatever calls what: an exchange inside the network counts as <see cref="Stage.Communication"/> only.
/// </summary>
public sealed class StageTimes
{
    private readonly long[] _ticks = new long[(int)Stage.Output + 1];

    private Stage _stage;
    private long _since;

    public double this[Stage stage] => (double)_ticks[(int)stage] / Stopwatch.Frequency;

    public double Total
    {
        get
        {
            long sum = 0;
            foreach (long ticks in _ticks)
                sum += ticks;
            return (double)sum / Stopwatch.Frequency;
        }
    }

    /// <summary>A frame begins, in <see cref="Stage.Other"/>.</summary>
    internal void Start()
    {
        Array.Clear(_ticks);
        (_stage, _since) = (Stage.Other, Stopwatch.GetTimestamp());
    }

    /// <summary>From now on time belongs to this stage; returns the one before. A call that fails need not go back.</summary>
    internal Stage Enter(Stage stage)
    {
        long now = Stopwatch.GetTimestamp();
        _ticks[(int)_stage] += now - _since;
        (Stage before, _stage, _since) = (_stage, stage, now);
        return before;
    }
}
