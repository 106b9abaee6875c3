using Denoise.Atoms.Threading;
using Denoise.Parallel;

namespace Denoise.InSitu.LengthScale;

/// <summary>
/// A quantile of values that are spread over ranks, by histograms of ever finer bins around it. Only counts are exchanged, so the
/// result is the same for every way of sharing the values out.
/// </summary>
internal sealed unsafe class GlobalQuantile
{
    private const int BinCount = 64;
    private const int Grain = 1 << 13;

    private readonly ICommunicator _communicator;
    private readonly WorkerPool _pool;
    private readonly WorkerPool.Body _fill;
    private readonly long[] _bins = new long[BinCount + 2];

    // Of each thread.
    private readonly long[][] _parts;

    private float* _values;
    private double _low;
    private double _high;

    /// <param name="pool">threads, borrowed</param>
    /// <param name="communicator">the ranks</param>
    public GlobalQuantile(WorkerPool pool, ICommunicator communicator)
    {
        (_pool, _communicator, _fill) = (pool, communicator, Fill);
        _parts = [.. Enumerable.Range(0, pool.Count).Select(_ => new long[BinCount])];
    }

    /// <summary>Sum over the ranks of what <see cref="Find"/> was given as failed.</summary>
    public long FailedRanks { get; private set; }

    /// <summary>Values that take part, on all ranks.</summary>
    public long Total { get; private set; }

    /// <summary>Values on all ranks, those that do not take part included.</summary>
    public long Population { get; private set; }

    /// <summary>
    /// The value below which the fraction of all values lies, interpolated in a bin of width (high - low) / 64^levels. NaN where
    /// there are no values. Collective.
    /// </summary>
    /// <param name="values">[count] those of this rank; NaN, and values out of range, do not take part</param>
    /// <param name="count">0 on a rank that has failed</param>
    /// <param name="fraction">0 to 1</param>
    /// <param name="low">start of the range</param>
    /// <param name="high">end of the range</param>
    /// <param name="levels">refinements</param>
    /// <param name="failed">this rank takes part for the others' sake only</param>
    public double Find(float* values, int count, double fraction, double low, double high, int levels, bool failed)
    {
        double rank = 0;
        long inBin = 1;
        for (int level = 0; level < levels; level++)
        {
            Fill(values, count, low, high, failed);
            _communicator.AllReduceSum(_bins);
            if (level == 0)
            {
                (FailedRanks, Population) = (_bins[BinCount], _bins[BinCount + 1]);
                Total = 0;
                for (int b = 0; b < BinCount; b++)
                    Total += _bins[b];
                if (Total == 0)
                    return double.NaN;
                rank = fraction * Total;
            }

            int bin = 0;
            while (bin < BinCount - 1 && rank > _bins[bin])
                rank -= _bins[bin++];
            inBin = Math.Max(_bins[bin], 1);
            double width = (high - low) / BinCount;
            low += bin * width;
            high = low + width;
        }

        return low + (high - low) * Math.Clamp(rank / inBin, 0, 1);
    }

    private void Fill(float* values, int count, double low, double high, bool failed)
    {
        _values = values;
        (_low, _high) = (low, high);
        foreach (long[] part in _parts)
            Array.Clear(part);
        _pool.Run(count, Grain, _fill);
        Array.Clear(_bins);
        (_bins[BinCount], _bins[BinCount + 1]) = (failed ? 1 : 0, count);
        foreach (long[] part in _parts)
            for (int b = 0; b < BinCount; b++)
                _bins[b] += part[b];
    }

    private void Fill(int begin, int end, int worker)
    {
        long[] bins = _parts[worker];
        double inverse = BinCount / (_high - _low);
        for (int i = begin; i < end; i++)
            if (_values[i] >= _low && _values[i] < _high)
                bins[Math.Min((int)((_values[i] - _low) * inverse), BinCount - 1)]++;
    }
}
