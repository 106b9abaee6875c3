using Denoise.Parallel;

namespace Denoise.InSitu.Native;

/// <summary>The host's ranks and ghosts through the callbacks of its <c>dn_host</c>.</summary>
internal sealed unsafe class HostCommunicator : IExchange, IHalo
{
    // Twice what the largest machines have. Analyses keep a number per rank, so that junk would take all memory.
    private const int MostRanks = 1 << 24;

    private readonly DnHost _host;

    private HostCommunicator(DnHost host)
    {
        if (host.Size < 1 || host.Rank < 0 || host.Rank >= host.Size)
            throw new SessionException(SessionError.Argument, $"host: rank {host.Rank} of {host.Size} is no rank.");
        if (host.Size > MostRanks)
            throw new SessionException(SessionError.Argument, $"host: {host.Size} ranks are more than the {MostRanks} that are possible.");
        Require(host.AllreduceSumI64, "allreduce_sum_i64");
        Require(host.AllreduceMaxF64, "allreduce_max_f64");
        Require(host.AllreduceMinF64, "allreduce_min_f64");
        _host = host;
    }

    /// <summary>Whose atoms have ghosts.</summary>
    public static HostCommunicator OfSession(DnHost host)
    {
        HostCommunicator communicator = new(host);
        Require(host.HaloForwardF32, "halo_forward_f32");
        Require(host.HaloForwardF64, "halo_forward_f64");
        return communicator;
    }

    /// <summary>Whose atoms are sent from rank to rank.</summary>
    public static HostCommunicator OfWriter(DnHost host)
    {
        HostCommunicator communicator = new(host);
        if (host.Size > 1)
            Require(host.Exchange, "exchange");
        return communicator;
    }

    public int Rank => _host.Rank;

    public int Size => _host.Size;

    public void AllReduceSum(Span<long> values)
    {
        fixed (long* pointer = values)
            Check(_host.AllreduceSumI64(_host.Context, pointer, values.Length), "allreduce_sum_i64");
    }

    public void AllReduceMax(Span<double> values)
    {
        fixed (double* pointer = values)
            Check(_host.AllreduceMaxF64(_host.Context, pointer, values.Length), "allreduce_max_f64");
    }

    public void AllReduceMin(Span<double> values)
    {
        fixed (double* pointer = values)
            Check(_host.AllreduceMinF64(_host.Context, pointer, values.Length), "allreduce_min_f64");
    }

    public void AllToAll(ReadOnlySpan<long> outgoing, Span<long> incoming)
    {
        incoming[Rank] = outgoing[Rank];
        fixed (long* from = outgoing, to = incoming)
        {
            Table sent = new(Size), received = new(Size);
            for (int rank = 0; rank < Size; rank++)
                if (rank != Rank)
                {
                    sent.Set(rank, from + rank, sizeof(long));
                    received.Set(rank, to + rank, sizeof(long));
                }

            Exchange(sent, received);
        }
    }

    public void Exchange(ReadOnlySpan<Message> outgoing, ReadOnlySpan<Message> incoming)
    {
        Table sent = new(Size), received = new(Size);
        foreach (Message message in outgoing)
            sent.Set(message.Peer, message.Data, message.Bytes);
        foreach (Message message in incoming)
            received.Set(message.Peer, message.Data, message.Bytes);
        Exchange(sent, received);
    }

    public void Forward(float* rows, int width) => Check(_host.HaloForwardF32(_host.Context, rows, width), "halo_forward_f32");

    public void Forward(double* rows, int width) => Check(_host.HaloForwardF64(_host.Context, rows, width), "halo_forward_f64");

    private static void Require(void* callback, string name)
    {
        if (callback == null)
            throw new SessionException(SessionError.Argument, $"host: {name} is NULL; it is needed.");
    }

    private static void Check(int status, string name)
    {
        if (status != 0)
            throw new SessionException(SessionError.Callback, $"host: the callback {name} returned {status}.");
    }

    private void Exchange(Table outgoing, Table incoming)
    {
        if (Size == 1)
            return;
        fixed (nint* from = outgoing.Data, to = incoming.Data)
        fixed (long* sent = outgoing.Bytes, received = incoming.Bytes)
            Check(_host.Exchange(_host.Context, (void**)from, sent, (void**)to, received), "exchange");
    }

    /// <summary>Where the message of each rank lies, and how long it is.</summary>
    private readonly struct Table(int size)
    {
        public readonly nint[] Data = new nint[size];
        public readonly long[] Bytes = new long[size];

        public void Set(int rank, void* data, long bytes) => (Data[rank], Bytes[rank]) = ((nint)data, bytes);
    }
}
