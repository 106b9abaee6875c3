using Denoise.Atoms.Memory;

namespace Denoise.Parallel.Decomposition;

/// <summary>
/// Brings rows of owned atoms to their ghosts by the lists that <see cref="DomainDecomposition"/> made. Ghosts are grouped by the
/// process that owns them, so messages arrive in place; only what is sent is gathered first.
/// </summary>
public sealed unsafe class DomainHalo : IHalo, IDisposable
{
    private readonly IMessagePassing _communicator;
    private readonly NativeBuffer<byte> _packed = new();
    private readonly Message[] _outgoing;
    private readonly Message[] _incoming;
    private readonly long[] _sendStarts;
    private readonly long[] _receiveStarts;
    private int _localCount;

    internal DomainHalo(IMessagePassing communicator)
    {
        _communicator = communicator;
        _outgoing = new Message[communicator.Size];
        _incoming = new Message[communicator.Size];
        _sendStarts = new long[communicator.Size + 1];
        _receiveStarts = new long[communicator.Size + 1];
    }

    /// <summary>Owned atoms to send, grouped by receiver: [SendStarts[Size]].</summary>
    internal NativeBuffer<int> SendAtoms { get; } = new();

    /// <summary>First entry of each receiver in <see cref="SendAtoms"/>.</summary>
    internal ReadOnlySpan<long> SendStarts => _sendStarts;

    /// <summary>Ghosts on this process.</summary>
    internal long GhostCount => _receiveStarts[^1];

    public void Forward(float* rows, int width) => ForwardBytes((byte*)rows, (long)width * sizeof(float));

    public void Forward(double* rows, int width) => ForwardBytes((byte*)rows, (long)width * sizeof(double));

    public void Dispose()
    {
        _packed.Dispose();
        SendAtoms.Dispose();
    }

    /// <summary>Tells every process how many ghosts it gets from this one. Collective.</summary>
    /// <param name="sendCounts">[Size] ghosts for each process, this one included (its own images)</param>
    internal void SetCounts(int localCount, ReadOnlySpan<long> sendCounts)
    {
        _localCount = localCount;
        Span<long> receiveCounts = stackalloc long[sendCounts.Length];
        _communicator.AllToAll(sendCounts, receiveCounts);
        for (int rank = 0; rank < sendCounts.Length; rank++)
        {
            _sendStarts[rank + 1] = _sendStarts[rank] + sendCounts[rank];
            _receiveStarts[rank + 1] = _receiveStarts[rank] + receiveCounts[rank];
        }

        SendAtoms.Resize(_sendStarts[^1]);
    }

    /// <summary>Exchanges rows that were already gathered in the order of <see cref="SendAtoms"/>.</summary>
    /// <param name="packed">[SendStarts[Size]] rows</param>
    /// <param name="ghosts">[GhostCount] rows</param>
    internal void Exchange(byte* packed, byte* ghosts, long rowBytes)
    {
        int outgoing = 0, incoming = 0, own = _communicator.Rank;
        for (int rank = 0; rank < _outgoing.Length; rank++)
        {
            if (rank == own)
                continue;
            long send = _sendStarts[rank + 1] - _sendStarts[rank], receive = _receiveStarts[rank + 1] - _receiveStarts[rank];
            if (send > 0)
                _outgoing[outgoing++] = new(rank, packed + _sendStarts[rank] * rowBytes, send * rowBytes);
            if (receive > 0)
                _incoming[incoming++] = new(rank, ghosts + _receiveStarts[rank] * rowBytes, receive * rowBytes);
        }

        long ownBytes = (_sendStarts[own + 1] - _sendStarts[own]) * rowBytes;
        Buffer.MemoryCopy(packed + _sendStarts[own] * rowBytes, ghosts + _receiveStarts[own] * rowBytes, ownBytes, ownBytes);
        _communicator.Exchange(_outgoing.AsSpan(0, outgoing), _incoming.AsSpan(0, incoming));
    }

    private void ForwardBytes(byte* rows, long rowBytes)
    {
        long count = _sendStarts[^1];
        _packed.Resize(count * rowBytes);
        byte* packed = _packed.Pointer;
        int* atoms = SendAtoms.Pointer;
        for (long entry = 0; entry < count; entry++)
            Buffer.MemoryCopy(rows + atoms[entry] * rowBytes, packed + entry * rowBytes, rowBytes, rowBytes);
        Exchange(packed, rows + _localCount * rowBytes, rowBytes);
    }
}
