using System.Numerics;
using Denoise.Parallel;

namespace Denoise.Benchmarks;

/// <summary>One of <see cref="ThreadRanks"/>; counts the messages and bytes that it sends, and the reductions it is part of.</summary>
internal sealed unsafe class ThreadRank(ThreadRanks ranks, int rank) : IMessagePassing
{
    public int Rank => rank;

    public int Size => ranks.Size;

    public long Messages { get; private set; }

    public long Bytes { get; private set; }

    public long Reductions { get; private set; }

    public void ResetCounts() => (Messages, Bytes, Reductions) = (0, 0, 0);

    public void AllReduceSum(Span<long> values) => Reduce(values, (a, b) => a + b);

    public void AllReduceMax(Span<double> values) => Reduce(values, Math.Max);

    public void AllReduceMin(Span<double> values) => Reduce(values, Math.Min);

    public void Broadcast(void* data, long bytes, int root)
    {
        byte[] shown = Show(new ReadOnlySpan<byte>(data, rank == root ? checked((int)bytes) : 0).ToArray(), root);
        shown.CopyTo(new Span<byte>(data, (int)bytes));
        ranks.Barrier.SignalAndWait();
    }

    public void Send(void* data, long bytes, int target)
    {
        (Messages, Bytes) = (Messages + 1, Bytes + bytes);
        ranks.Post(rank, target, new ReadOnlySpan<byte>(data, checked((int)bytes)).ToArray());
    }

    public void Receive(void* data, long bytes, int source) =>
        ranks.Take(source, rank).CopyTo(new Span<byte>(data, checked((int)bytes)));

    public bool HasArrived(int source) => ranks.HasMail(source, rank);

    public void AllToAll(ReadOnlySpan<long> outgoing, Span<long> incoming)
    {
        Show(outgoing.ToArray(), rank);
        for (int source = 0; source < Size; source++)
            incoming[source] = ((long[])ranks.Shown[source]!)[rank];
        ranks.Barrier.SignalAndWait();
    }

    public void Exchange(ReadOnlySpan<Message> outgoing, ReadOnlySpan<Message> incoming)
    {
        foreach (ref readonly Message message in outgoing)
            Send(message.Data, message.Bytes, message.Peer);
        foreach (ref readonly Message message in incoming)
            Receive(message.Data, message.Bytes, message.Peer);
    }

    public void Barrier() => ranks.Barrier.SignalAndWait();

    public void Abort(int exitCode) => Environment.Exit(exitCode);

    public void Dispose() { }

    private void Reduce<T>(Span<T> values, Func<T, T, T> combine)
        where T : INumber<T>
    {
        Reductions++;
        Show(values.ToArray(), rank);
        for (int other = 0; other < Size; other++)
            if (other != rank)
                for (int k = 0; k < values.Length; k++)
                    values[k] = combine(values[k], ((T[])ranks.Shown[other]!)[k]);
        ranks.Barrier.SignalAndWait();
    }

    /// <summary>Shows an array, waits for all, and returns what that rank shows.</summary>
    private T[] Show<T>(T[] mine, int whose)
    {
        ranks.Shown[rank] = mine;
        ranks.Barrier.SignalAndWait();
        return (T[])ranks.Shown[whose]!;
    }
}
