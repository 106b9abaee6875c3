using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;

namespace Denoise.Networks.Engines.Simd.Tiles;

/// <summary>
/// The order in which tiles of consecutive atoms go through the layers of a network, such that few rows of features exist at any
/// time. A layer of a tile reads rows of the layer before in the tiles where its atoms have neighbors; it runs as soon as these are
/// there, deeper layers first; the rows of a tile go when all that read them have run.
/// <code>
/// atoms in slabs along z:   layer 0  x x x x x x x .      rows that are kept: those between the fronts,
///                           layer 1  x x x x x . . .      and what the slabs at the start of a periodic box
///                           layer 2  x x x . . . . .      and its end have to do with each other
/// </code>
/// Nothing is assumed of the order of the atoms: in a random one every tile needs every other, and all rows are kept.
/// Memory is handed out in slots, each for the rows x (an atom's own) or h (those its neighbors read) of one tile.
/// </summary>
internal sealed unsafe class TilePlan : IDisposable
{
    // With so many tiles, larger ones save more meetings of several threads than they cost memory.
    private const int ManyTiles = 128;
    private const int LargestOverSmallest = 4;

    private const int MostTiles = 1024;

    private readonly WorkerPool _pool;
    private readonly int _layers;
    private readonly int _smallest;
    private readonly int _larger;
    private readonly WorkerPool.Body _findNeeds;

    private readonly NativeBuffer<TileStep> _steps = new();
    private readonly NativeBuffer<int> _slots = new();
    private readonly NativeBuffer<int> _free = new();
    private readonly NativeBuffer<byte> _needs = new();
    private readonly NativeBuffer<int> _missing = new();
    private readonly NativeBuffer<int> _readers = new();
    private readonly NativeBuffer<int> _ready = new();
    private readonly int[] _begin;
    private readonly int[] _end;

    private NeighborList _list = null!;
    private int* _owners;
    private int _localCount;
    private long _stamp;
    private bool _keeps;

    /// <param name="pool">threads</param>
    /// <param name="layers">of the network</param>
    /// <param name="smallestTile">atoms, a power of two: fewer keep the threads waiting for each other</param>
    public TilePlan(WorkerPool pool, int layers, int smallestTile)
    {
        (_pool, _layers, _smallest) = (pool, layers, smallestTile);
        _larger = pool.Count > 1 ? LargestOverSmallest * smallestTile : smallestTile;
        (_begin, _end) = (new int[layers], new int[layers]);
        _findNeeds = FindNeeds;
    }

    /// <summary>Tiles hold 2^Shift atoms, the last one fewer.</summary>
    public int Shift { get; private set; }

    public int TileCount { get; private set; }

    /// <summary>Slots that are in use at the same time.</summary>
    public int SlotCount { get; private set; }

    /// <summary>[layers * tiles] what to do one after the other.</summary>
    public ReadOnlySpan<TileStep> Steps => _steps.Span;

    public long MemoryBytes => _steps.CapacityBytes + _slots.CapacityBytes + _free.CapacityBytes + _needs.CapacityBytes +
        _missing.CapacityBytes + _readers.CapacityBytes + _ready.CapacityBytes;

    /// <summary>The slot of a tile's rows x, which are of no layer: each writes them where it read them.</summary>
    public int OwnSlot(int tile) => _slots[tile];

    /// <summary>The slot of a tile's rows h that a layer, from 1 on, reads.</summary>
    public int SourceSlot(int layer, int tile) => _slots[(long)layer * TileCount + tile];

    /// <summary>Plans for a graph, unless it is that of the last call.</summary>
    /// <param name="list">neighbors of the owned atoms</param>
    /// <param name="owners">[ghosts] the owned atom that each is an image of</param>
    /// <param name="keeps">whether rows h have a place elsewhere, and slots are only those of rows x</param>
    public void Prepare(NeighborList list, int* owners, bool keeps = false)
    {
        if (_stamp != 0 && list.Stamp == _stamp && keeps == _keeps)
            return;
        (_stamp, _keeps) = (list.Stamp, keeps);
        (_list, _localCount) = (list, list.AtomCount);
        _owners = owners;
        Shift = 0;
        while (1 << Shift < _smallest || (1 << Shift < _larger && _localCount > (long)ManyTiles << Shift)
            || _localCount > (long)MostTiles << Shift)
            Shift++;
        TileCount = (_localCount + (1 << Shift) - 1) >> Shift;
        _needs.Resize((long)TileCount * TileCount);
        _needs.Clear();
        _pool.Run(TileCount, 1, _findNeeds);
        Order();
    }

    public void Dispose()
    {
        _steps.Dispose();
        _slots.Dispose();
        _free.Dispose();
        _needs.Dispose();
        _missing.Dispose();
        _readers.Dispose();
        _ready.Dispose();
    }

    /// <summary>Row t of the matrix: 1 at tile u where an atom of t has a neighbor in u, or an image of one.</summary>
    private void FindNeeds(int first, int last, int worker)
    {
        for (int tile = first; tile < last; tile++)
        {
            byte* needs = _needs.Pointer + (long)tile * TileCount;
            needs[tile] = 1;
            int begin = tile << Shift, end = Math.Min(begin + (1 << Shift), _localCount);
            for (int i = begin; i < end; i++)
                foreach (int atom in _list[i].Span)
                    needs[(atom < _localCount ? atom : _owners[atom - _localCount]) >> Shift] = 1;
        }
    }

    private void Order()
    {
        int tiles = TileCount;
        Begin();
        for (int count = 0; count < _steps.Length; count++)
        {
            int layer = _layers - 1;
            while (_begin[layer] == _end[layer])
                layer--;
            int tile = _ready[(long)layer * tiles + _begin[layer]++];
            _steps[count] = new(layer, tile);
            Run(layer, tile);
        }
    }

    private void Begin()
    {
        int tiles = TileCount;
        long all = (long)_layers * tiles;
        _steps.Resize(all);
        _slots.Resize(all);
        _missing.Resize(all);
        _readers.Resize(all);
        _ready.Resize(all);
        _free.Resize(0);
        _missing.Clear();
        _readers.Clear();
        (SlotCount, int last) = (0, _layers - 1);
        Array.Clear(_begin);
        Array.Clear(_end);
        for (int tile = 0; tile < tiles; tile++)
            for (int other = 0; other < tiles; other++)
                for (int layer = 1; layer <= last && _needs[(long)tile * tiles + other] != 0; layer++)
                {
                    _missing[(long)layer * tiles + tile]++;
                    _readers[(long)layer * tiles + other]++;
                }

        for (int tile = 0; tile < tiles; tile++)
            _ready[_end[0]++] = tile;
    }

    /// <summary>What a step takes, gives back and makes possible.</summary>
    private void Run(int layer, int tile)
    {
        int tiles = TileCount, last = _layers - 1;
        if (layer == 0 && last > 0)
            _slots[tile] = Take();
        long next = (layer + 1L) * tiles;
        if (layer < last)
            _slots[next + tile] = _keeps ? -1 : Take();
        for (int other = 0; layer > 0 && other < tiles; other++)
            if (_needs[(long)tile * tiles + other] != 0 && --_readers[(long)layer * tiles + other] == 0 && !_keeps)
                Give(SourceSlot(layer, other));
        if (layer == last && last > 0)
            Give(OwnSlot(tile));
        for (int other = 0; layer < last && other < tiles; other++)
            if (_needs[(long)other * tiles + tile] != 0 && --_missing[next + other] == 0)
                _ready[next + _end[layer + 1]++] = other;
    }

    private int Take()
    {
        if (_free.Length == 0)
            return SlotCount++;
        int slot = _free[_free.Length - 1];
        _free.Resize(_free.Length - 1);
        return slot;
    }

    private void Give(int slot)
    {
        _free.Grow(_free.Length + 1);
        _free[_free.Length - 1] = slot;
    }
}
