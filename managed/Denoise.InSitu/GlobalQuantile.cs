using Denoise.Parallel;

namespace Denoise.InSitu;

/// <summary>
/// A quantile of values that are spread over ranks, by histograms of ever finer bins around it. Only counts are exchanged, so the
/// result is the same for every way of sharing the values out.
/// </summary>
internal sealed unsafe class GlobalQuantile(ICommunicator communicator)
{
    private const int BinCount = 64;

    private readonly long[] _bins = new long[BinCount + 2];

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
    public double Find(double* values, int count, double fraction, double low, double high, int levels, bool failed)
    {
        double rank = 0;
        long inBin = 1;
        for (int level = 0; level < levels; level++)
        {
            Fill(values, count, low, high, failed);
            communicator.AllReduceSum(_bins);
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

    private void Fill(double* values, int count, double low, double high, bool failed)
    {
        Array.Clear(_bins);
        (_bins[BinCount], _bins[BinCount + 1]) = (failed ? 1 : 0, count);
        double inverse = BinCount / (high - low);
        for (int i = 0; i < count; i++)
            if (values[i] >= low && values[i] < high)
                _bins[Math.Min((int)((values[i] - low) * inverse), BinCount - 1)]++;
    }
}
