using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;

namespace Denoise.Networks.Engines.Simd.Tiles;

/// <summary>
/// The rows of features that exist between layers: x of owned atoms, which a layer overwrites where it read them, and h = lin1(x, z),
/// which neighbors read. Either in the slots of a <see cref="TilePlan"/>, where ghosts use their owners' rows, or all of them, with
/// rows h of ghosts behind those of owned atoms, as exchanges want them. Rows h may be kept from one evaluation to the next.
/// </summary>
internal sealed unsafe class FeatureStore : IDisposable
{
    // A vector may be read behind the end of the last row.
    private const int Slack = 16;

    // Atoms of a tile per thread: some tenths of a millisecond of work between two meetings of the threads, and rows that stay in
    // the second-level cache.
    private const int AtomsPerThread = 1024;

    private readonly int _layers;
    private readonly int _rowLength;
    private readonly IIdleMemory? _idle;
    private readonly TilePlan _plan;
    private readonly NativeBuffer<float> _rows = new();
    private readonly NativeBuffer<float> _kept = new();
    private readonly NativeBuffer<nint> _slots = new();
    private readonly NativeBuffer<nint> _tables = new();

    private int* _owners;
    private int _localCount;
    private int _tiles;
    private int _shift;
    private bool _isTiled;

    /// <param name="pool">threads</param>
    /// <param name="layers">of the network</param>
    /// <param name="rowLength">floats of the longest row between layers</param>
    /// <param name="smallestTile">atoms, a power of two; 0: what suits the threads</param>
    /// <param name="idle">memory for rows in tiles, used before its own; borrowed</param>
    public FeatureStore(WorkerPool pool, int layers, int rowLength, int smallestTile, IIdleMemory? idle)
    {
        (_layers, _rowLength, _idle) = (layers, rowLength, idle);
        _plan = new(pool, layers, smallestTile > 0 ? smallestTile : AtomsPerThread * pool.Count);
    }

    public long MemoryBytes => _rows.CapacityBytes + _kept.CapacityBytes + _slots.CapacityBytes + _tables.CapacityBytes + _plan.MemoryBytes;

    /// <summary>After <see cref="PrepareTiles"/>: what to do one after the other.</summary>
    public ReadOnlySpan<TileStep> Steps => _plan.Steps;

    /// <summary>Makes room for an evaluation tile by tile.</summary>
    /// <param name="list">neighbors of the owned atoms</param>
    /// <param name="owners">[ghosts] the owned atom that each is an image of</param>
    /// <param name="keeps">whether rows h are those of the last evaluation until they are written, if that was of as many atoms</param>
    public void PrepareTiles(NeighborList list, int* owners, bool keeps)
    {
        _plan.Prepare(list, owners, keeps);
        _owners = owners;
        (_localCount, _tiles, _shift, _isTiled) = (list.AtomCount, _plan.TileCount, _plan.Shift, true);
        PlaceSlots();
        _tables.Resize((long)_layers * _tiles);
        if (keeps)
            _kept.Resize((_layers - 1L) * _localCount * _rowLength + Slack);
        for (int tile = 0; _layers > 1 && tile < _tiles; tile++)
        {
            _tables[tile] = _slots[_plan.OwnSlot(tile)];
            for (int layer = 1; layer < _layers; layer++)
                _tables[(long)layer * _tiles + tile] = keeps
                    ? (nint)(_kept.Pointer + ((layer - 1L) * _localCount + ((long)tile << _shift)) * _rowLength)
                    : _slots[_plan.SourceSlot(layer, tile)];
        }
    }

    /// <summary>Makes room for an evaluation layer by layer.</summary>
    /// <param name="localCount">owned atoms</param>
    /// <param name="count">owned atoms and ghosts</param>
    /// <param name="keeps">see <see cref="PrepareTiles"/></param>
    public void PrepareLayers(int localCount, int count, bool keeps)
    {
        (_localCount, _tiles, _shift, _isTiled) = (localCount, 1, FeatureRows.OneTile, false);
        _rows.Resize((localCount + (keeps ? _layers - 1L : 1L) * count) * _rowLength + 2 * Slack);
        _tables.Resize(_layers);
        for (int layer = 1; layer < _layers; layer++)
            _tables[layer] = (nint)(_rows.Pointer + (localCount + (keeps ? layer - 1L : 0) * count) * _rowLength + Slack);
        _tables[0] = (nint)_rows.Pointer;
    }

    /// <summary>The first atom of a tile and how many it has.</summary>
    public (int First, int Count) Atoms(int tile) => (tile << _shift, Math.Min(1 << _shift, _localCount - (tile << _shift)));

    /// <summary>Row x of an owned atom: of one length in all layers.</summary>
    public float* Own(int atom) => Row(0, atom, _rowLength);

    /// <summary>Row h of an owned atom.</summary>
    /// <param name="layer">that reads it, from 1</param>
    /// <param name="atom">owned</param>
    /// <param name="length">floats of that layer's rows</param>
    public float* Source(int layer, int atom, nint length) => Row(layer, atom, length);

    /// <summary>Rows h of owned atoms and ghosts.</summary>
    /// <param name="layer">that reads them, from 1</param>
    /// <param name="length">floats of that layer's rows</param>
    public FeatureRows Sources(int layer, nint length)
    {
        float** tiles = (float**)(_tables.Pointer + (long)layer * _tiles);
        return _isTiled ? FeatureRows.Tiled(tiles, _shift, length, _owners, _localCount) : FeatureRows.Contiguous(tiles, length);
    }

    public void Dispose()
    {
        _plan.Dispose();
        _rows.Dispose();
        _kept.Dispose();
        _slots.Dispose();
        _tables.Dispose();
    }

    /// <summary>A place for every slot of the plan: in idle memory as long as there is some, then in our own.</summary>
    private void PlaceSlots()
    {
        long slot = Math.Min(1L << _shift, _localCount) * _rowLength * sizeof(float);
        const long slack = Slack * sizeof(float);
        int placed = 0, count = _plan.SlotCount;
        _slots.Resize(count);
        if (_idle is not null)
            foreach (MemoryBlock block in _idle.Lend())
                for (long at = 0; placed < count && at + slot + slack <= block.Bytes; at += slot)
                    _slots[placed++] = block.Start + (nint)at;
        _rows.Resize((count - placed) * slot / sizeof(float) + Slack);
        for (long at = 0; placed < count; at += slot)
            _slots[placed++] = (nint)_rows.Pointer + (nint)at;
    }

    private float* Row(int table, int atom, nint length) =>
        (float*)_tables[(long)table * _tiles + (atom >> _shift)] + (atom & ((1 << _shift) - 1)) * length;
}
