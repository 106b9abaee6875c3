namespace Denoise.Parallel.RankProgram;

/// <summary>Every operation of a communicator against what arithmetic says it must give.</summary>
public static unsafe class CommunicatorChecks
{
    public static void Run(IMessagePassing communicator)
    {
        Reductions(communicator);
        Broadcast(communicator);
        AllToAll(communicator);
        // Zero, odd and beyond-eager lengths: MPI switches protocol in between.
        foreach (int length in (int[])[0, 1, 7, 4097, 1_000_003])
            Ring(communicator, length);
        SendAndReceive(communicator);
        PostAndReceive(communicator);
        communicator.Barrier();
    }

    private static void Reductions(IMessagePassing communicator)
    {
        int rank = communicator.Rank, size = communicator.Size;
        // Beyond 2^53: a sum that went through floating point would lose the last digit.
        long[] sums = [rank, (1L << 60) / size + rank, -1];
        communicator.AllReduceSum(sums);
        long ranks = (long)size * (size - 1) / 2;
        Assert.Equal([ranks, (1L << 60) / size * size + ranks, -size], sums);

        double[] largest = [rank, -rank, double.NegativeInfinity];
        communicator.AllReduceMax(largest);
        Assert.Equal([size - 1, 0, double.NegativeInfinity], largest);
        double[] smallest = [rank, -rank];
        communicator.AllReduceMin(smallest);
        Assert.Equal([0, 1 - size], smallest);
    }

    private static void Broadcast(IMessagePassing communicator)
    {
        for (int root = 0; root < communicator.Size; root++)
        {
            byte[] data = new byte[100_001];
            if (communicator.Rank == root)
                new Random(root).NextBytes(data);
            fixed (byte* pointer = data)
                communicator.Broadcast(pointer, data.Length, root);
            byte[] expected = new byte[data.Length];
            new Random(root).NextBytes(expected);
            Assert.True(data.AsSpan().SequenceEqual(expected), $"broadcast from {root}");
        }
    }

    private static void AllToAll(IMessagePassing communicator)
    {
        int rank = communicator.Rank, size = communicator.Size;
        long[] outgoing = new long[size], incoming = new long[size];
        for (int target = 0; target < size; target++)
            outgoing[target] = 1000L * rank + target;
        communicator.AllToAll(outgoing, incoming);
        for (int source = 0; source < size; source++)
            Assert.Equal(1000L * source + rank, incoming[source]);
    }

    private static void Ring(IMessagePassing communicator, int length)
    {
        int rank = communicator.Rank, size = communicator.Size;
        if (size == 1)
            return;
        int right = (rank + 1) % size, left = (rank + size - 1) % size;
        byte[] outgoing = new byte[length + rank], incoming = new byte[length + left];
        Array.Fill(outgoing, (byte)(rank + 1));
        fixed (byte* send = outgoing, receive = incoming)
            communicator.Exchange([new Message(right, send, outgoing.Length)], [new Message(left, receive, incoming.Length)]);
        Assert.All(incoming, value => Assert.Equal(left + 1, value));
    }

    private static void SendAndReceive(IMessagePassing communicator)
    {
        long value = 0;
        if (communicator.Rank == 0)
            for (int target = 1; target < communicator.Size; target++)
            {
                value = 77 * target;
                communicator.Send(&value, sizeof(long), target);
            }
        else
        {
            communicator.Receive(&value, sizeof(long), 0);
            Assert.Equal(77 * communicator.Rank, value);
        }
    }

    private static void PostAndReceive(IMessagePassing communicator)
    {
        // Longer than what libraries send before it is asked for.
        const int Length = 1 << 20;
        byte[] large = new byte[Length];
        long small = communicator.Rank;
        fixed (byte* bytes = large)
        {
            if (communicator.Rank > 0)
            {
                Array.Fill(large, (byte)communicator.Rank);
                communicator.Post(&small, sizeof(long), 0);
                communicator.Post(bytes, Length, 0);
                communicator.CompletePosted();
                return;
            }

            for (int source = communicator.Size - 1; source > 0; source--)
            {
                while (!communicator.HasArrived(source))
                    Nap.For(TimeSpan.FromMicroseconds(100));
                communicator.Receive(&small, sizeof(long), source);
                communicator.Receive(bytes, Length, source);
                Assert.Equal(source, small);
                Assert.All(large, value => Assert.Equal(source, value));
                Assert.False(communicator.HasArrived(source));
            }
        }
    }
}
