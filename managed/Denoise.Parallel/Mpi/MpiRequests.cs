using System.Diagnostics;
using Denoise.Atoms.Memory;

namespace Denoise.Parallel.Mpi;

/// <summary>Messages that are under way. MPI keeps no pointer to a request, so the array may move while it grows.</summary>
internal sealed unsafe class MpiRequests(MpiLibrary mpi, nint world) : IDisposable
{
    private const int Tag = 1;
    private const long LargestPiece = 1L << 30;

    // MPI_Status is 20, 24 or 32 bytes, by ABI.
    private const int StatusBytes = 32;

    // How long one who waits for another's work keeps asking, and how long it sleeps between questions after that.
    private static readonly TimeSpan Eager = TimeSpan.FromMicroseconds(100);
    private static readonly TimeSpan NapTime = TimeSpan.FromMicroseconds(50);

    private readonly NativeBuffer<byte> _requests = new();
    private readonly NativeBuffer<byte> _statuses = new();
    private int _count;

    public void Receive(in Message message)
    {
        for (long done = 0; done < message.Bytes; done += LargestPiece)
            MpiCommunicator.Check(
                mpi.IReceive((byte*)message.Data + done, Piece(message.Bytes, done), mpi.Constants.Byte, message.Peer, Tag, world, Next()),
                "MPI_Irecv");
    }

    public void Send(in Message message)
    {
        for (long done = 0; done < message.Bytes; done += LargestPiece)
            MpiCommunicator.Check(
                mpi.ISend((byte*)message.Data + done, Piece(message.Bytes, done), mpi.Constants.Byte, message.Peer, Tag, world, Next()),
                "MPI_Isend");
    }

    /// <summary>Whether a message can be received without waiting.</summary>
    public bool HasArrived(int source)
    {
        int arrived;
        long* status = stackalloc long[StatusBytes / sizeof(long)];
        MpiCommunicator.Check(mpi.IProbe(source, Tag, world, &arrived, status), "MPI_Iprobe");
        return arrived != 0;
    }

    /// <summary>Waits until all are complete, as MPI waits: most libraries keep a core busy with it.</summary>
    public void Complete()
    {
        _statuses.Resize((long)_count * StatusBytes);
        MpiCommunicator.Check(mpi.WaitAll(_count, _requests.Pointer, _statuses.Pointer), "MPI_Waitall");
        _count = 0;
    }

    /// <summary>The same for waits that may be long: the core is left to others.</summary>
    public void CompletePatiently()
    {
        _statuses.Resize((long)_count * StatusBytes);
        for (long begin = Stopwatch.GetTimestamp(); ;)
        {
            int complete;
            MpiCommunicator.Check(mpi.TestAll(_count, _requests.Pointer, &complete, _statuses.Pointer), "MPI_Testall");
            if (complete != 0)
                break;
            if (Stopwatch.GetElapsedTime(begin) > Eager)
                Nap.For(NapTime);
        }

        _count = 0;
    }

    public void Dispose()
    {
        _requests.Dispose();
        _statuses.Dispose();
    }

    private static int Piece(long bytes, long done) => (int)Math.Min(LargestPiece, bytes - done);

    private void* Next()
    {
        int bytes = mpi.Constants.RequestBytes;
        _requests.Grow((long)(_count + 1) * bytes);
        return _requests.Pointer + (long)_count++ * bytes;
    }
}
