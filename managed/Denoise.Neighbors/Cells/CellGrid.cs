using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;

namespace Denoise.Neighbors.Cells;

/// <summary>
/// Atoms sorted into cells by a stable counting sort: cell c holds the slots <c>Starts[c] .. Starts[c+1])</c>, x running fastest,
/// so that three cells in a row are one run of slots. Coordinates relative to the middle of the grid are kept as single-precision
/// arrays for tests many at a time, and as double-precision rows to settle what single precision cannot. The order of the slots
/// depends neither on the number of threads nor on timing. May be shared by searches that run one after the other; between them its
/// memory is idle.
/// </summary>
public sealed unsafe class CellGrid : IIdleMemory, IDisposable
{
    /// <summary>Elements after the last slot that may be read (never used).</summary>
    internal const int Padding = 16;

    // Each block of atoms counts into cells of its own: more blocks sort faster but need more memory.
    private const int MostBlocks = 8;
    private const int BoundsGrain = 1 << 15;

    private readonly WorkerPool _pool;
    private readonly GridLayout _layout = new();
    private readonly Crowds _crowds = new();
    private readonly NativeBuffer<int> _cellOf = new();
    private readonly NativeBuffer<int> _cursors = new();
    private readonly NativeBuffer<Bounds> _bounds = new();
    private readonly MemoryBlock[] _idle = new MemoryBlock[6];
    private readonly WorkerPool.Body _findBounds;
    private readonly WorkerPool.Body _count;
    private readonly WorkerPool.Body _scatter;

    private double* _positions;
    private int _blocks;
    private int _largestCell;

    public CellGrid(WorkerPool pool)
    {
        _pool = pool;
        (_findBounds, _count, _scatter) = (FindBounds, CountCells, Scatter);
    }

    /// <summary>[CellCount + 1] first slot of each cell.</summary>
    internal NativeBuffer<int> Starts { get; } = new();

    /// <summary>[Count] atom of each slot.</summary>
    internal NativeBuffer<int> Atoms { get; } = new();

    /// <summary>[Count + Padding] coordinates relative to the center, single precision.</summary>
    internal NativeBuffer<float> X { get; } = new();

    internal NativeBuffer<float> Y { get; } = new();

    internal NativeBuffer<float> Z { get; } = new();

    /// <summary>[Count, 4] coordinates as given, the fourth column unused.</summary>
    internal NativeBuffer<double> Rows { get; } = new();

    internal int Count { get; private set; }

    internal int CountX => _layout.X.Count;

    internal int CountY => _layout.Y.Count;

    internal int CountZ => _layout.Z.Count;

    /// <summary>Lines of cells along x: the unit of work of a search.</summary>
    internal int LineCount => CountY * CountZ;

    internal GridLayout Layout => _layout;

    internal Bounds Bounds { get; private set; }

    public long MemoryBytes => Starts.CapacityBytes + Atoms.CapacityBytes + X.CapacityBytes + Y.CapacityBytes + Z.CapacityBytes
        + Rows.CapacityBytes + _cellOf.CapacityBytes + _cursors.CapacityBytes + _bounds.CapacityBytes + _layout.MemoryBytes
        + _crowds.MemoryBytes;

    /// <summary>
    /// Whether lists of neighbors that are made for sums have their rows in an order that vectors alone decide, not how atoms are
    /// numbered, cut into domains or sorted into cells: the sums are then the same, to the last bit, on any number of ranks.
    /// </summary>
    public bool OrdersRows { get; set; }

    /// <summary>Bytes that a list of neighbors found with this grid may take.</summary>
    public long ListLimit { get; set; } = long.MaxValue;

    /// <summary>What the sorted atoms take.</summary>
    public ReadOnlySpan<MemoryBlock> Lend()
    {
        (_idle[0], _idle[1], _idle[2]) = (Rows.Block, X.Block, Y.Block);
        (_idle[3], _idle[4], _idle[5]) = (Z.Block, Atoms.Block, _cellOf.Block);
        return _idle;
    }

    /// <summary>Finds the bounding box: the first half of a build.</summary>
    internal void Measure(ParticleView particles)
    {
        _positions = particles.Positions;
        Count = particles.Count;
        int chunks = (Count + BoundsGrain - 1) / BoundsGrain;
        _bounds.Resize(chunks);
        _pool.Run(Count, BoundsGrain, _findBounds);
        Bounds all = Bounds.None;
        for (int chunk = 0; chunk < chunks; chunk++)
            all = all.Union(_bounds[chunk]);
        Bounds = all.OrZero();
    }

    /// <summary>Sorts the atoms of the last <see cref="Measure"/> into cells with edges of at least <paramref name="side"/>.</summary>
    internal void Sort(double side)
    {
        _layout.Choose(_positions, Count, Bounds, side, (int)Math.Min(64 + 4L * Count, 1 << 29));
        int cells = _layout.CellCount;
        _blocks = Math.Min(_pool.Count, MostBlocks);
        _cellOf.Resize(Count);
        _cursors.Resize((long)cells * _blocks);
        Starts.Resize(cells + 1L);
        Atoms.Resize(Count + Padding);
        X.Resize(Count + Padding);
        Y.Resize(Count + Padding);
        Z.Resize(Count + Padding);
        Rows.Resize(4L * (Count + Padding));

        _pool.Run(_blocks, 1, _count);
        Accumulate(cells);
        _pool.Run(_blocks, 1, _scatter);
        for (int pad = Count; pad < Count + Padding; pad++)
        {
            X[pad] = Y[pad] = Z[pad] = float.PositiveInfinity;
            Atoms[pad] = 0;
            Rows[4L * pad] = Rows[4L * pad + 1] = Rows[4L * pad + 2] = double.PositiveInfinity;
        }
    }

    /// <summary>
    /// Mean distance between the measured atoms, from the density of the middle of them, be they in space, in a plane or on a line.
    /// </summary>
    internal double Spacing()
    {
        var (low, high) = _layout.Window(_positions, Count, Bounds, 0);
        Vec3 extent = high - low;
        double longest = Math.Max(extent.X, Math.Max(extent.Y, extent.Z));
        double shortest = Math.Min(extent.X, Math.Min(extent.Y, extent.Z));
        double middle = Math.Max(Math.Min(extent.X, extent.Y), Math.Min(Math.Max(extent.X, extent.Y), extent.Z));
        double spacing = Math.Max(Math.Cbrt(longest * middle * shortest / Count),
            Math.Max(Math.Sqrt(longest * middle / Count), longest / Count));
        return spacing > 0 && double.IsFinite(spacing) ? spacing : 1;
    }

    /// <summary>Before a search: the sorted atoms hold no crowd in one place, for which it would take very long.</summary>
    /// <exception cref="CoincidentAtomsException">they do</exception>
    internal void RefuseCrowds()
    {
        if (_largestCell <= Crowds.Size)
            return;
        AtomPair pair = _crowds.Find(this, Coincidence.Distance(Spacing()));
        if (pair != AtomPair.None)
            throw new CoincidentAtomsException(pair);
    }

    /// <summary>The cell that a slot lies in.</summary>
    internal (int X, int Y, int Z) CellOf(int slot)
    {
        double* row = Rows.Pointer + 4L * slot;
        return (_layout.X.Slab(row[0]), _layout.Y.Slab(row[1]), _layout.Z.Slab(row[2]));
    }

    public void Dispose()
    {
        _layout.Dispose();
        _crowds.Dispose();
        _cellOf.Dispose();
        _cursors.Dispose();
        _bounds.Dispose();
        Starts.Dispose();
        Atoms.Dispose();
        X.Dispose();
        Y.Dispose();
        Z.Dispose();
        Rows.Dispose();
    }

    private void FindBounds(int begin, int end, int worker) => _bounds[begin / BoundsGrain] = Bounds.Of(_positions, begin, end);

    private (int Begin, int End) Block(int block) => ((int)((long)Count * block / _blocks), (int)((long)Count * (block + 1) / _blocks));

    private void CountCells(int first, int last, int worker)
    {
        int cells = _layout.CellCount, countX = CountX, countY = CountY;
        for (int block = first; block < last; block++)
        {
            int* counts = _cursors.Pointer + (long)cells * block;
            new Span<int>(counts, cells).Clear();
            (int begin, int end) = Block(block);
            double* r = _positions + 3L * begin;
            for (int i = begin; i < end; i++, r += 3)
            {
                int cell = (_layout.Z.Slab(r[2]) * countY + _layout.Y.Slab(r[1])) * countX + _layout.X.Slab(r[0]);
                _cellOf.Pointer[i] = cell;
                counts[cell]++;
            }
        }
    }

    /// <summary>Counts per block and cell become the first slot of each block within each cell.</summary>
    private void Accumulate(int cells)
    {
        int* starts = Starts.Pointer, cursors = _cursors.Pointer;
        int slot = 0;
        _largestCell = 0;
        for (int cell = 0; cell < cells; cell++)
        {
            starts[cell] = slot;
            for (int block = 0; block < _blocks; block++)
            {
                int* cursor = cursors + (long)cells * block + cell;
                (*cursor, slot) = (slot, slot + *cursor);
            }

            _largestCell = Math.Max(_largestCell, slot - starts[cell]);
        }

        starts[cells] = slot;
    }

    private void Scatter(int first, int last, int worker)
    {
        int cells = _layout.CellCount;
        var (cx, cy, cz) = _layout.Center;
        for (int block = first; block < last; block++)
        {
            int* cursors = _cursors.Pointer + (long)cells * block;
            (int begin, int end) = Block(block);
            double* r = _positions + 3L * begin;
            for (int i = begin; i < end; i++, r += 3)
            {
                int slot = cursors[_cellOf.Pointer[i]]++;
                double x = r[0], y = r[1], z = r[2];
                Atoms.Pointer[slot] = i;
                X.Pointer[slot] = (float)(x - cx);
                Y.Pointer[slot] = (float)(y - cy);
                Z.Pointer[slot] = (float)(z - cz);
                double* row = Rows.Pointer + 4L * slot;
                (row[0], row[1], row[2], row[3]) = (x, y, z, 0);
            }
        }
    }
}
