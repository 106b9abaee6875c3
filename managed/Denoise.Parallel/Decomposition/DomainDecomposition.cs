using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Neighbors;

namespace Denoise.Parallel.Decomposition;

/// <summary>
/// Spreads a frame that process 0 holds over all processes, each of which then owns the atoms of one brick of space and holds
/// copies (ghosts) of all atoms and periodic images within a given distance of it; and brings results back to process 0 in the
/// order of its frame. Buffers are reused from frame to frame. Everything here is collective.
/// </summary>
public sealed unsafe class DomainDecomposition : IDisposable
{
    private readonly IMessagePassing _communicator;
    private readonly BrickGrid _grid = new();
    private readonly GhostPlan _plan = new();

    private readonly AtomAssignment _assignment = new();
    private readonly NativeBuffer<AtomRecord> _records = new();
    private readonly NativeBuffer<AtomRecord> _ghosts = new();
    private readonly NativeBuffer<byte> _rows = new();
    private readonly long[] _ownedStarts;

    private FractionalFrame _frame;

    public DomainDecomposition(IMessagePassing communicator)
    {
        _communicator = communicator;
        _ownedStarts = new long[communicator.Size + 1];
        Halo = new(communicator);
    }

    /// <summary>Atoms that this process owns; may be 0.</summary>
    public int LocalCount { get; private set; }

    /// <summary>Copies of atoms that other processes own, and periodic images of atoms of any.</summary>
    public int GhostCount { get; private set; }

    /// <summary>[LocalCount + GhostCount, 3] row-major, Å; owned atoms wrapped into the box, ghosts beside them.</summary>
    public NativeBuffer<double> Positions { get; } = new();

    /// <summary>[LocalCount + GhostCount]</summary>
    public NativeBuffer<int> Types { get; } = new();

    /// <summary>[LocalCount + GhostCount]</summary>
    public NativeBuffer<long> Ids { get; } = new();

    /// <summary>From owned atoms to ghosts, as of the last <see cref="BuildGhosts"/>.</summary>
    public DomainHalo Halo { get; }

    /// <summary>
    /// On process 0, before <see cref="Scatter"/>: decides which process gets which atom. Not collective, so that it may fail.
    /// </summary>
    /// <param name="positions">[count, 3] row-major, Å; may lie outside a periodic box</param>
    /// <exception cref="InputException">a periodic box without volume, or so thin that images of an atom are in one place</exception>
    public void Plan(Box box, double* positions, int count)
    {
        _frame = new(box);
        if (count > 0 && ShortestPeriod.IsCoincident(box, 1))
            throw new InputException("every atom lies on its own periodic image: the box is too small or its edges are wrong.");
        _assignment.Assign(_frame, _grid, positions, count, _ownedStarts);
    }

    /// <summary>Gives every process its atoms. Ghosts are none until <see cref="BuildGhosts"/>. The arguments count on process 0.</summary>
    /// <param name="positions">[count, 3], those of <see cref="Plan"/></param>
    /// <param name="types">[count]; NULL: all 1</param>
    /// <param name="ids">[count]; NULL: 1, 2, ...</param>
    public void Scatter(double* positions, int* types, long* ids)
    {
        int rank = _communicator.Rank;
        FractionalFrame frame = _frame;
        _communicator.Broadcast(&frame, sizeof(FractionalFrame), 0);
        _frame = frame;
        _grid.Broadcast(_communicator);
        fixed (long* starts = _ownedStarts)
            _communicator.Broadcast(starts, _ownedStarts.Length * sizeof(long), 0);

        LocalCount = (int)(_ownedStarts[rank + 1] - _ownedStarts[rank]);
        if (rank == 0)
        {
            // Its own atoms last: they stay in the buffer.
            for (int target = _communicator.Size - 1; target >= 0; target--)
            {
                Pack(target, positions, types, ids);
                if (target > 0)
                    _communicator.Send(_records.Pointer, _records.Length * sizeof(AtomRecord), target);
            }
        }
        else
        {
            _records.Resize(LocalCount);
            _communicator.Receive(_records.Pointer, (long)LocalCount * sizeof(AtomRecord), 0);
        }

        SetAtoms(_records.Pointer, 0, LocalCount);
        GhostCount = 0;
    }

    /// <summary>Copies every atom and image within <paramref name="range"/> of a brick to its process. May be repeated.</summary>
    /// <param name="range">Å; may exceed the box, then an atom has several images</param>
    /// <param name="most">ghosts that this process may have</param>
    /// <exception cref="InputException">on all processes: the range needs more ghosts than some of them may have</exception>
    public void BuildGhosts(double range, long most = int.MaxValue)
    {
        int size = _communicator.Size;
        RefuseTooMany(range);
        bool isWithin = _plan.Build(_frame, _grid, _communicator.Rank, Positions.Pointer, LocalCount, range, most);
        Span<long> counts = stackalloc long[size];
        _plan.CountByTarget(counts);
        Halo.SetCounts(LocalCount, counts);
        Span<double> tooMany = [isWithin && Halo.GhostCount <= most ? 0 : 1];
        _communicator.AllReduceMax(tooMany);
        if (tooMany[0] > 0)
            throw TooMany(range);

        Span<long> next = stackalloc long[size];
        Halo.SendStarts[..size].CopyTo(next);
        _records.Resize(_plan.Entries.Length);
        for (long e = 0; e < _plan.Entries.Length; e++)
        {
            ref readonly GhostPlan.Entry entry = ref _plan.Entries[e];
            long slot = next[entry.Target]++;
            Halo.SendAtoms[slot] = entry.Atom;
            Vec3 own = new(Positions[3L * entry.Atom], Positions[3L * entry.Atom + 1], Positions[3L * entry.Atom + 2]);
            Vec3 image = own + _frame.Shift(new(entry.X, entry.Y, entry.Z));
            _records[slot] = new(image, Ids[entry.Atom], Types[entry.Atom]);
        }

        _ghosts.Resize(Halo.GhostCount);
        Halo.Exchange((byte*)_records.Pointer, (byte*)_ghosts.Pointer, sizeof(AtomRecord));
        GhostCount = (int)Halo.GhostCount;
        SetAtoms(_ghosts.Pointer, LocalCount, GhostCount);
    }

    /// <summary>Brings one row per owned atom to process 0, in the order of the scattered frame.</summary>
    /// <param name="local">[LocalCount, width]</param>
    /// <param name="all">[count, width], written on process 0 only</param>
    public void Gather<T>(T* local, int width, T* all)
        where T : unmanaged
    {
        long rowBytes = (long)width * sizeof(T);
        if (_communicator.Rank > 0)
        {
            _communicator.Send(local, LocalCount * rowBytes, 0);
            return;
        }

        for (int source = 0; source < _communicator.Size; source++)
        {
            long begin = _ownedStarts[source], count = _ownedStarts[source + 1] - begin;
            byte* rows = (byte*)local;
            if (source > 0)
            {
                _rows.Resize(count * rowBytes);
                rows = _rows.Pointer;
                _communicator.Receive(rows, count * rowBytes, source);
            }

            for (long i = 0; i < count; i++)
                Buffer.MemoryCopy(rows + i * rowBytes, (byte*)all + _assignment.Order[begin + i] * rowBytes, rowBytes, rowBytes);
        }
    }

    public void Dispose()
    {
        _plan.Dispose();
        _assignment.Dispose();
        _records.Dispose();
        _ghosts.Dispose();
        _rows.Dispose();
        Positions.Dispose();
        Types.Dispose();
        Ids.Dispose();
        Halo.Dispose();
    }

    /// <summary>Fills <see cref="_records"/> with the atoms of one process, wrapped into the box.</summary>
    private void Pack(int target, double* positions, int* types, long* ids)
    {
        long begin = _ownedStarts[target], count = _ownedStarts[target + 1] - begin;
        _records.Resize(count);
        for (long k = 0; k < count; k++)
        {
            long i = _assignment.Order[begin + k];
            Vec3 r = new(positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]);
            r -= _frame.Shift(_frame.CellsOutside(_frame.ToFractional(r)));
            _records[k] = new(r, ids == null ? i + 1 : ids[i], types == null ? 1 : types[i]);
        }
    }

    /// <summary>Every brick and its ghosts are part of the box grown by the range, so this bounds what any process holds.</summary>
    private void RefuseTooMany(double range)
    {
        double images = LocalCount;
        for (int axis = 0; axis < 3; axis++)
            if (_frame.IsPeriodic(axis))
                images *= 1 + 2 * range / _frame.FaceDistances[axis];
        Span<double> total = [images];
        _communicator.AllReduceMax(total);
        if (!(total[0] * _communicator.Size < int.MaxValue / 3))
            throw TooMany(range);
    }

    private static InputException TooMany(double range) =>
        new($"Neighbors within {range:g6} Å need more periodic images than fit in memory: reduce the cutoff or check the box.");

    private void SetAtoms(AtomRecord* records, int first, int count)
    {
        Positions.Grow(3L * (first + count));
        Types.Grow(first + count);
        Ids.Grow(first + count);
        for (long k = 0; k < count; k++)
        {
            long row = first + k;
            Vec3 r = records[k].Position;
            (Positions[3 * row], Positions[3 * row + 1], Positions[3 * row + 2]) = (r.X, r.Y, r.Z);
            (Ids[row], Types[row]) = (records[k].Id, records[k].Type);
        }
    }
}
