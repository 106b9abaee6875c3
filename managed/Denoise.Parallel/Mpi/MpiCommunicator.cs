using Denoise.Atoms;
using Denoise.Atoms.Memory;

namespace Denoise.Parallel.Mpi;

/// <summary>
/// All processes of an mpirun. MPI's own error handler stays in place: an error inside MPI ends every process with MPI's message.
/// One thread calls; counts beyond a C int are cut into pieces.
/// </summary>
public sealed unsafe class MpiCommunicator : IMessagePassing
{
    private const long LargestPiece = 1L << 30;

    private readonly MpiLibrary _mpi;
    private readonly nint _world;
    private readonly MpiRequests _requests;
    private readonly MpiRequests _posted;
    private readonly NativeBuffer<byte> _scratch = new();
    private bool _finalized;

    private MpiCommunicator(MpiLibrary mpi)
    {
        _mpi = mpi;
        _world = mpi.Constants.World;
        int initialized;
        Check(mpi.Initialized(&initialized), "MPI_Initialized");
        if (initialized == 0)
            Check(mpi.Init(null, null), "MPI_Init");
        int rank, size;
        Check(mpi.CommRank(_world, &rank), "MPI_Comm_rank");
        Check(mpi.CommSize(_world, &size), "MPI_Comm_size");
        (Rank, Size) = (rank, size);
        (_requests, _posted) = (new(mpi, _world), new(mpi, _world));
    }

    public int Rank { get; }

    public int Size { get; }

    /// <summary>The library in use and its kind, for messages.</summary>
    public string Description => $"{_mpi.Name} ({_mpi.Abi})";

    /// <summary>Joins the other processes if there are any; MPI is loaded only then.</summary>
    /// <exception cref="InputException">
    /// no MPI library, or one that does not know the launcher: then every process would do the whole work and overwrite the same files
    /// </exception>
    public static IMessagePassing Start()
    {
        if (MpiLauncher.Detect(Environment.GetEnvironmentVariable) is not { } launcher)
            return SerialCommunicator.Instance;

        MpiCommunicator communicator = new(MpiLibrary.Load(launcher));
        if (launcher.Size is { } size && communicator.Size != size)
        {
            string text =
                $"{launcher.Name} started {size} processes, but {communicator.Description} sees {communicator.Size}: " +
                $"it belongs to another MPI. Set {MpiLibrary.PathVariable} to the libmpi of this mpirun.";
            communicator.Dispose();
            throw new InputException(text);
        }

        return communicator;
    }

    public void AllReduceSum(Span<long> values)
    {
        fixed (long* pointer = values)
            AllReduce(pointer, values.Length, sizeof(long), _mpi.Constants.Int64, _mpi.Constants.Sum);
    }

    public void AllReduceMax(Span<double> values)
    {
        fixed (double* pointer = values)
            AllReduce(pointer, values.Length, sizeof(double), _mpi.Constants.Double, _mpi.Constants.Max);
    }

    public void AllReduceMin(Span<double> values)
    {
        fixed (double* pointer = values)
            AllReduce(pointer, values.Length, sizeof(double), _mpi.Constants.Double, _mpi.Constants.Min);
    }

    public void Broadcast(void* data, long bytes, int root)
    {
        for (long done = 0; done < bytes; done += LargestPiece)
            Check(_mpi.Broadcast((byte*)data + done, Piece(bytes, done), _mpi.Constants.Byte, root, _world), "MPI_Bcast");
    }

    public void Send(void* data, long bytes, int target)
    {
        _requests.Send(new Message(target, data, bytes));
        _requests.CompletePatiently();
    }

    public void Post(void* data, long bytes, int target) => _posted.Send(new Message(target, data, bytes));

    public void CompletePosted() => _posted.CompletePatiently();

    public void Receive(void* data, long bytes, int source)
    {
        _requests.Receive(new Message(source, data, bytes));
        _requests.CompletePatiently();
    }

    public bool HasArrived(int source) => _requests.HasArrived(source);

    public void AllToAll(ReadOnlySpan<long> outgoing, Span<long> incoming)
    {
        fixed (long* from = outgoing, to = incoming)
            Check(_mpi.AllToAll(from, 1, _mpi.Constants.Int64, to, 1, _mpi.Constants.Int64, _world), "MPI_Alltoall");
    }

    public void Exchange(ReadOnlySpan<Message> outgoing, ReadOnlySpan<Message> incoming)
    {
        // Receives first: a message that finds its receive posted is not copied on the way.
        foreach (ref readonly Message message in incoming)
            _requests.Receive(message);
        foreach (ref readonly Message message in outgoing)
            _requests.Send(message);
        _requests.Complete();
    }

    public void Barrier() => Check(_mpi.Barrier(_world), "MPI_Barrier");

    public void Abort(int exitCode) => _mpi.Abort(_world, exitCode);

    public void Dispose()
    {
        if (_finalized)
            return;
        _finalized = true;
        _mpi.FinalizeAll();
        _requests.Dispose();
        _posted.Dispose();
        _scratch.Dispose();
    }

    private static int Piece(long bytes, long done) => (int)Math.Min(LargestPiece, bytes - done);

    internal static void Check(int code, string function)
    {
        if (code != 0)
            throw new InvalidOperationException($"{function} failed with MPI error {code}");
    }

    private void AllReduce(void* values, int count, int elementBytes, nint type, nint operation)
    {
        // MPI_IN_PLACE would be one more constant that differs by ABI; a copy of a few numbers costs nothing.
        long bytes = (long)count * elementBytes;
        _scratch.Resize(bytes);
        Buffer.MemoryCopy(values, _scratch.Pointer, bytes, bytes);
        Check(_mpi.AllReduce(_scratch.Pointer, values, count, type, operation, _world), "MPI_Allreduce");
    }
}
