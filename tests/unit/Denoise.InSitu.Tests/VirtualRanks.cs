using Denoise.Parallel;

namespace Denoise.InSitu.Tests;

/// <summary>
/// Ranks as threads: a periodic crystal is cut into slabs, each with ghosts of its own, and every collective step is a meeting of
/// all threads. A rank that does not come to a meeting fails the test instead of hanging it.
/// </summary>
internal sealed class VirtualRanks
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Barrier _meeting;
    private readonly nint[] _rows;
    private readonly int[] _widths;
    private readonly object[] _values;
    private readonly VirtualDomain[] _domains;

    private VirtualRanks(VirtualDomain[] domains)
    {
        _domains = domains;
        _meeting = new(domains.Length);
        (_rows, _widths, _values) = (new nint[domains.Length], new int[domains.Length], new object[domains.Length]);
    }

    /// <summary>What a rank's thread does with its communicator, its halo and its atoms.</summary>
    public delegate void Body(ICommunicator communicator, IHalo halo, VirtualDomain domain);

    /// <summary>Runs the body on every rank; returns what each threw, null: nothing.</summary>
    public static Exception?[] Run(VirtualDomain[] domains, Body body) => Run([domains], body);

    /// <summary>The same once per frame, in each of which the atoms are shared out anew.</summary>
    public static Exception?[] Run(VirtualDomain[][] frames, Body body)
    {
        VirtualDomain[] domains = frames[0];
        VirtualRanks ranks = new(domains);
        Exception?[] failures = new Exception?[domains.Length];
        Thread[] threads = [.. Enumerable.Range(0, domains.Length).Select(rank => new Thread(() =>
        {
            try
            {
                foreach (VirtualDomain[] frame in frames)
                    body(new Communicator(ranks, rank), new Halo(ranks, frame, rank), frame[rank]);
            }
            catch (Exception failure)
            {
                failures[rank] = failure;
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        return failures;
    }

    private void Meet()
    {
        if (!_meeting.SignalAndWait(Patience))
            throw new TimeoutException("a rank did not come to a collective step: the program would hang");
    }

    private sealed class Communicator(VirtualRanks ranks, int rank) : ICommunicator
    {
        public int Rank => rank;

        public int Size => ranks._domains.Length;

        public void AllReduceSum(Span<long> values) => Reduce(values, (a, b) => a + b);

        public void AllReduceMax(Span<double> values) => Reduce(values, Math.Max);

        public void AllReduceMin(Span<double> values) => Reduce(values, Math.Min);

        private void Reduce<T>(Span<T> values, Func<T, T, T> combine)
        {
            ranks._values[rank] = values.ToArray();
            ranks.Meet();
            T[][] all = [.. ranks._values.Cast<T[]>()];
            ranks.Meet();
            Assert.All(all, a => Assert.Equal(all[0].Length, a.Length));
            for (int k = 0; k < values.Length; k++)
                values[k] = all.Select(a => a[k]).Aggregate(combine);
        }
    }

    private sealed unsafe class Halo(VirtualRanks ranks, VirtualDomain[] domains, int rank) : IHalo
    {
        public void Forward(float* rows, int width) => Forward<float>(rows, width);

        public void Forward(double* rows, int width) => Forward<double>(rows, width);

        private void Forward<T>(T* rows, int width)
            where T : unmanaged
        {
            VirtualDomain domain = domains[rank];
            (ranks._rows[rank], ranks._widths[rank]) = ((nint)rows, width * sizeof(T));
            ranks.Meet();
            Assert.All(ranks._widths, w => Assert.Equal(width * sizeof(T), w));
            for (int g = 0; g < domain.Ghosts.Length; g++)
            {
                (int owner, int index) = domain.Ghosts[g];
                T* from = (T*)ranks._rows[owner] + (long)index * width;
                new ReadOnlySpan<T>(from, width).CopyTo(new Span<T>(rows + (long)(domain.LocalCount + g) * width, width));
            }

            ranks.Meet();
        }
    }
}
