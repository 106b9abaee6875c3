using System.Runtime.CompilerServices;
using Denoise.Atoms.Memory;

namespace Denoise.Neighbors.Cells;

/// <summary>
/// One direction of a cell grid: maps a coordinate to a slab. Everything outside of the window belongs to the first or the last
/// slab, and a run of empty slabs may be shortened to one. Neither breaks the rule that a search relies on: two atoms whose
/// slabs differ by s + 1 or more are at least s slab widths apart.
/// </summary>
internal sealed unsafe class GridAxis : IDisposable
{
    private readonly NativeBuffer<int> _shortened = new();

    private double _origin;
    private double _inverseWidth;
    private int _windowSlabs;
    private bool _isShortened;

    /// <summary>Number of slabs.</summary>
    public int Count { get; private set; }

    public long MemoryBytes => _shortened.CapacityBytes;

    public void SetUniform(double origin, double width, int count)
    {
        (_origin, _inverseWidth, _windowSlabs, _isShortened) = (origin, 1 / width, count, false);
        Count = count;
    }

    /// <summary>Leaves out the slabs that no atom lies in, but for one between two that are occupied.</summary>
    /// <param name="coordinates">this direction's coordinate of the first atom; the others follow with a stride of 3</param>
    /// <param name="count">number of atoms</param>
    public void Shorten(double* coordinates, int count)
    {
        _shortened.Resize(_windowSlabs);
        _shortened.Clear();
        for (int i = 0; i < count; i++)
            _shortened[WindowSlab(coordinates[3L * i])] = 1;

        int next = 0;
        bool empty = false;
        for (int slab = 0; slab < _windowSlabs; slab++)
        {
            bool occupied = _shortened[slab] != 0;
            if (occupied && empty && next > 0)
                next++;
            empty = !occupied;
            _shortened[slab] = next;
            if (occupied)
                next++;
        }

        _isShortened = true;
        Count = Math.Max(next, 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Slab(double coordinate)
    {
        int slab = WindowSlab(coordinate);
        return _isShortened ? _shortened[slab] : slab;
    }

    public void Dispose() => _shortened.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int WindowSlab(double coordinate)
    {
        // Written so that a NaN, too, ends in the first slab.
        double slab = (coordinate - _origin) * _inverseWidth;
        return slab > 0 ? slab < _windowSlabs ? (int)slab : _windowSlabs - 1 : 0;
    }
}
