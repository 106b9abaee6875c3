using Denoise.Atoms.Memory;

namespace Denoise.Networks.Engines.Simd.Tiles;

/// <summary>The atoms that an evaluation is asked for, in ascending order, and where those of a tile are in it.</summary>
internal sealed unsafe class ActiveList : IDisposable
{
    private readonly NativeBuffer<int> _atoms = new();
    private readonly NativeBuffer<int> _before = new();
    private bool _isAll = true;

    public long MemoryBytes => _atoms.CapacityBytes + _before.CapacityBytes;

    /// <param name="active">[count] not 0 where an atom is active; null: all are</param>
    /// <param name="count">atoms</param>
    public void Fill(byte* active, int count)
    {
        _isAll = active == null;
        if (_isAll)
            return;
        _atoms.Resize(count);
        _before.Resize((count >> Shift) + 2);
        int* atoms = _atoms.Pointer;
        int found = 0;
        for (int i = 0; i < count; i++)
        {
            if ((i & ((1 << Shift) - 1)) == 0)
                _before[i >> Shift] = found;
            atoms[found] = i;
            found += active[i] != 0 ? 1 : 0;
        }

        _before[(count + (1 << Shift) - 1) >> Shift] = found;
    }

    /// <summary>From a range of atoms to the range of the list that holds the active ones.</summary>
    /// <param name="first">of the atoms, a multiple of 64; becomes a place in the list</param>
    /// <param name="count">of the atoms, a multiple of 64 but for the last; becomes that of the active ones</param>
    /// <returns>the list; null where all are active and the range stays</returns>
    public int* Within(ref int first, ref int count)
    {
        if (_isAll)
            return null;
        int begin = _before[first >> Shift], end = _before[(first + count + (1 << Shift) - 1) >> Shift];
        (first, count) = (begin, end - begin);
        return _atoms.Pointer;
    }

    public void Dispose()
    {
        _atoms.Dispose();
        _before.Dispose();
    }

    /// <summary>Tiles hold a multiple of 2^Shift atoms.</summary>
    private const int Shift = 6;
}
