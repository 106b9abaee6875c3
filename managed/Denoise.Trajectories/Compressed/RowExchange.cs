using Denoise.Atoms.Memory;
using Denoise.Parallel;

namespace Denoise.Trajectories.Compressed;

/// <summary>
/// Rows of eight-byte words from every process to any: <see cref="Prepare"/>, fill each <see cref="Outgoing"/> row,
/// <see cref="Complete"/>, read each <see cref="Incoming"/> row. Rows between two processes keep their order.
/// </summary>
internal sealed unsafe class RowExchange(IExchange communicator) : IDisposable
{
    private readonly NativeBuffer<long> _outgoing = new();
    private readonly NativeBuffer<long> _incoming = new();
    private readonly NativeBuffer<int> _places = new();
    private readonly long[] _sent = new long[communicator.Size];
    private readonly long[] _received = new long[communicator.Size];
    private readonly List<Message> _out = [];
    private readonly List<Message> _in = [];
    private int _width;

    /// <summary>Rows that have come.</summary>
    public int Count { get; private set; }

    /// <param name="targets">of each row the process that it is for</param>
    /// <param name="width">words of a row</param>
    public void Prepare(ReadOnlySpan<int> targets, int width)
    {
        _width = width;
        Array.Clear(_sent);
        foreach (int target in targets)
            _sent[target]++;
        Span<int> next = new int[_sent.Length];
        for (int rank = 1; rank < next.Length; rank++)
            next[rank] = next[rank - 1] + (int)_sent[rank - 1];
        _places.Resize(targets.Length);
        for (int i = 0; i < targets.Length; i++)
            _places[i] = next[targets[i]]++;
        _outgoing.Resize((long)targets.Length * width);
    }

    /// <summary>Where the row is that was prepared as this one; the same place that its answer has, if all rows are answered.</summary>
    public int PlaceOf(int row) => _places[row];

    public long* Outgoing(int row) => _outgoing.Pointer + (long)_places[row] * _width;

    public long* Incoming(int row) => _incoming.Pointer + (long)row * _width;

    /// <summary>Of each row that has come the process that sent it.</summary>
    public int[] Sources()
    {
        int[] sources = new int[Count];
        for (int rank = 0, row = 0; rank < _received.Length; rank++)
            for (long k = 0; k < _received[rank]; k++)
                sources[row++] = rank;
        return sources;
    }

    /// <summary>Collective.</summary>
    public void Complete()
    {
        communicator.AllToAll(_sent, _received);
        Count = checked((int)_received.Sum());
        _incoming.Resize((long)Count * _width);
        _out.Clear();
        _in.Clear();
        long* from = _outgoing.Pointer, to = _incoming.Pointer;
        for (int rank = 0; rank < _sent.Length; rank++)
        {
            long outgoing = _sent[rank] * _width, incoming = _received[rank] * _width;
            if (rank == communicator.Rank)
            {
                Buffer.MemoryCopy(from, to, sizeof(long) * incoming, sizeof(long) * outgoing);
            }
            else
            {
                if (outgoing > 0)
                    _out.Add(new(rank, from, sizeof(long) * outgoing));
                if (incoming > 0)
                    _in.Add(new(rank, to, sizeof(long) * incoming));
            }

            from += outgoing;
            to += incoming;
        }

        communicator.Exchange([.. _out], [.. _in]);
    }

    public void Dispose()
    {
        _outgoing.Dispose();
        _incoming.Dispose();
        _places.Dispose();
    }
}
