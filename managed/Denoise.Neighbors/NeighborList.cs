using System.Runtime.CompilerServices;
using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Neighbors.Cells;

namespace Denoise.Neighbors;

/// <summary>
/// Full neighbor list: a row of neighbors for every owned atom, of which each is an index into the owned and ghost atoms that the
/// list was built from. Every pair closer than <see cref="Cutoff"/> is there, both ways. Rows lie where they were found, in blocks
/// that never move: 12 bytes per atom and 4 per neighbor. Reused from frame to frame without allocation.
/// </summary>
public sealed unsafe class NeighborList : IDisposable
{
    private const int BlockLength = 1 << 16;

    private readonly NativeBuffer<nint> _rows = new();
    private readonly NativeBuffer<int> _counts = new();
    private readonly object _gate = new();

    private NativeBuffer<int>[] _blocks = [];
    private int _usedBlocks;
    private RowSpace _space;

    /// <summary>Atoms that have a row.</summary>
    public int AtomCount { get; private set; }

    /// <summary>Distance in Å below which every pair is listed (skin included).</summary>
    public double Cutoff { get; private set; }

    /// <summary>Neighbors of all atoms.</summary>
    public long PairCount { get; internal set; }

    /// <summary>Most neighbors of any atom: the size of a scratch row.</summary>
    public int LargestRow { get; internal set; }

    /// <summary>
    /// The closest listed pair, found with coordinates in single precision (rounded to 1e-7 of the box), its distance in double:
    /// what tells that two atoms are in one place.
    /// </summary>
    public AtomPair ClosestPair { get; internal set; } = AtomPair.None;

    /// <summary>A number that no other content of any list has, for those who keep what they derived from a list; 0: unknown.</summary>
    public long Stamp { get; internal set; }

    /// <summary>Whether rows are in the order of <see cref="CellGrid.OrdersRows"/>.</summary>
    public bool IsOrdered { get; internal set; }

    /// <summary>That all rows may take.</summary>
    internal long LargestBytes { get; set; } = long.MaxValue;

    /// <summary>Bytes of native memory held.</summary>
    public long MemoryBytes => _rows.CapacityBytes + _counts.CapacityBytes + _blocks.Sum(block => block.CapacityBytes);

    /// <summary>The neighbors of an owned atom; valid until the list is filled again.</summary>
    public NeighborRow this[int atom]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new((int*)_rows.Pointer[atom], _counts.Pointer[atom]);
    }

    /// <summary>Begins to fill the list by hand: <see cref="Add"/> for every atom, in order.</summary>
    /// <param name="cutoff">Å; every pair below it will be there</param>
    public void Begin(double cutoff)
    {
        Begin(0, cutoff);
        _space = default;
    }

    /// <summary>Appends the row of the next atom.</summary>
    public void Add(ReadOnlySpan<int> neighbors)
    {
        if (_space.Length < neighbors.Length)
            _space = TakeSpace(neighbors.Length);
        neighbors.CopyTo(new(_space.Pointer, neighbors.Length));
        int atom = AtomCount++;
        _rows.Grow(AtomCount);
        _counts.Grow(AtomCount);
        SetRow(atom, _space.Pointer, neighbors.Length);
        _space = _space.After(neighbors.Length);
        (PairCount, LargestRow) = (PairCount + neighbors.Length, Math.Max(LargestRow, neighbors.Length));
    }

    public void Dispose()
    {
        _rows.Dispose();
        _counts.Dispose();
        foreach (NativeBuffer<int> block in _blocks)
            block.Dispose();
    }

    /// <summary>Makes room for rows, which are then set in any order and by any thread.</summary>
    internal void Begin(int atomCount, double cutoff)
    {
        (AtomCount, Cutoff, PairCount, LargestRow, ClosestPair, Stamp) = (atomCount, cutoff, 0, 0, AtomPair.None, 0);
        _rows.Resize(atomCount);
        _counts.Resize(atomCount);
        _usedBlocks = 0;
    }

    /// <summary>Room for at least so many neighbors; for any thread.</summary>
    internal RowSpace TakeSpace(int length)
    {
        int index = Interlocked.Increment(ref _usedBlocks) - 1;
        // A tenth more is allocated; blocks of the usual length, since longer ones have few rows that large.
        if (index > 0 && (index + 1L) * Math.Max(length, BlockLength) * sizeof(int) > LargestBytes)
            throw new InputException($"The neighbors within {Cutoff:g6} Å take more than the {MemorySize.Format(LargestBytes)} of memory "
                + "that are left for them: check the unit of the cutoff and the box, or use more ranks.");
        NativeBuffer<int>[] blocks = Volatile.Read(ref _blocks);
        NativeBuffer<int> block = index < blocks.Length ? blocks[index] : AddedBlock(index);
        block.Resize(Math.Max(length, BlockLength));
        return new(block.Pointer, block.Length);
    }

    /// <summary>
    /// Sees to it that the next list of this size allocates nothing, whichever thread finds which rows: blocks are filled by half
    /// at least, but for the last of each thread. Those that are not used take no memory.
    /// </summary>
    internal void Complete(int threads) => HaveBlocks((int)(PairCount / (BlockLength / 2)) + threads);

    internal void SetRow(int atom, int* indices, int count)
    {
        _rows.Pointer[atom] = (nint)indices;
        _counts.Pointer[atom] = count;
    }

    /// <summary>A block of the first list of its size: the only place where threads may wait for one another.</summary>
    private NativeBuffer<int> AddedBlock(int index)
    {
        lock (_gate)
        {
            if (_blocks.Length <= index)
                HaveBlocks(index + 1 + index / 2);
            return _blocks[index];
        }
    }

    private void HaveBlocks(int count)
    {
        int former = _blocks.Length;
        if (count <= former)
            return;
        NativeBuffer<int>[] blocks = new NativeBuffer<int>[count];
        _blocks.CopyTo(blocks, 0);
        for (int k = former; k < count; k++)
            blocks[k] = new();
        Volatile.Write(ref _blocks, blocks);
    }
}
