using Denoise.Parallel;

namespace Denoise.Trajectories.Tests.Compressed;

/// <summary>A process as a thread: every collective step is a meeting of all. One that does not come fails the test.</summary>
internal sealed unsafe class ThreadRank : IExchange
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ThreadRank[] _all;
    private readonly Barrier _meeting;
    private object? _shown;

    private ThreadRank(ThreadRank[] all, int rank, Barrier meeting) => (_all, Rank, _meeting) = (all, rank, meeting);

    public int Rank { get; }

    public int Size => _all.Length;

    /// <summary>Runs the body on so many; returns what each threw, null: nothing.</summary>
    public static Exception?[] Run(int size, Action<ThreadRank> body)
    {
        using Barrier meeting = new(size);
        ThreadRank[] ranks = new ThreadRank[size];
        Exception?[] failures = new Exception?[size];
        for (int rank = 0; rank < size; rank++)
            ranks[rank] = new(ranks, rank, meeting);
        Thread[] threads = [.. ranks.Select(rank => new Thread(() =>
        {
            try
            {
                body(rank);
            }
            catch (Exception failure)
            {
                failures[rank.Rank] = failure;
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        return failures;
    }

    public void AllReduceSum(Span<long> values) => Reduce(values, (a, b) => a + b);

    public void AllReduceMax(Span<double> values) => Reduce(values, Math.Max);

    public void AllReduceMin(Span<double> values) => Reduce(values, Math.Min);

    public void AllToAll(ReadOnlySpan<long> outgoing, Span<long> incoming)
    {
        object[] all = Show(outgoing.ToArray());
        for (int rank = 0; rank < Size; rank++)
            incoming[rank] = ((long[])all[rank])[Rank];
    }

    public void Exchange(ReadOnlySpan<Message> outgoing, ReadOnlySpan<Message> incoming)
    {
        Dictionary<int, byte[]> sent = [];
        foreach (Message message in outgoing)
            sent.Add(message.Peer, new ReadOnlySpan<byte>(message.Data, (int)message.Bytes).ToArray());
        object[] all = Show(sent);
        foreach (Message message in incoming)
        {
            byte[] from = ((Dictionary<int, byte[]>)all[message.Peer])[Rank];
            Assert.Equal(message.Bytes, from.Length);
            from.CopyTo(new Span<byte>(message.Data, from.Length));
        }
    }

    private object[] Show(object mine)
    {
        _shown = mine;
        Meet();
        object[] all = [.. _all.Select(rank => rank._shown!)];
        Meet();
        return all;
    }

    private void Reduce<T>(Span<T> values, Func<T, T, T> combine)
    {
        T[][] all = [.. Show(values.ToArray()).Cast<T[]>()];
        for (int k = 0; k < values.Length; k++)
            values[k] = all.Select(of => of[k]).Aggregate(combine);
    }

    private void Meet()
    {
        if (!_meeting.SignalAndWait(Patience))
            throw new TimeoutException("a rank did not come to a collective step: the program would hang");
    }
}
