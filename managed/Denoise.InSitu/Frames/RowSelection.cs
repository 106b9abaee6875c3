using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;

namespace Denoise.InSitu.Frames;

/// <summary>Finds the rows of a frame whose atoms are seen, in their order.</summary>
internal sealed unsafe class RowSelection : IDisposable
{
    /// <summary>Rows that a thread takes at a time.</summary>
    public const int Grain = 1 << 13;

    private readonly WorkerPool _pool;
    private readonly NativeBuffer<int> _starts = new();
    private readonly WorkerPool.Body _number;
    private readonly WorkerPool.Body _count;
    private readonly WorkerPool.Body _fill;

    private SpeciesMap _map = null!;
    private int* _types;
    private int* _rows;

    public RowSelection(WorkerPool pool)
    {
        _pool = pool;
        (_number, _count, _fill) = (Number, Count, Fill);
    }

    /// <summary>Returns how many there are.</summary>
    /// <param name="types">[count] from 1; null: all 1</param>
    /// <param name="count">rows of the frame</param>
    /// <param name="map">which types are seen</param>
    /// <param name="rows">[count] receives the rows that are</param>
    public int Find(int* types, int count, SpeciesMap map, int* rows)
    {
        _map = map;
        _rows = rows;
        _types = types;
        if (!map.HidesSome)
        {
            _pool.Run(count, Grain, _number);
            return count;
        }

        int chunks = (count + Grain - 1) / Grain, seen = 0;
        _starts.Resize(chunks);
        _pool.Run(count, Grain, _count);
        for (int chunk = 0; chunk < chunks; chunk++)
            (_starts[chunk], seen) = (seen, seen + _starts[chunk]);
        _pool.Run(count, Grain, _fill);
        return seen;
    }

    public void Dispose() => _starts.Dispose();

    private bool IsSeen(int row) => _map[_types == null ? 1 : _types[row]] != SpeciesMap.NotSeen;

    private void Number(int begin, int end, int worker)
    {
        for (int row = begin; row < end; row++)
            _rows[row] = row;
    }

    private void Count(int begin, int end, int worker)
    {
        int count = 0;
        for (int row = begin; row < end; row++)
            count += IsSeen(row) ? 1 : 0;
        _starts[begin / Grain] = count;
    }

    private void Fill(int begin, int end, int worker)
    {
        int next = _starts[begin / Grain];
        for (int row = begin; row < end; row++)
            if (IsSeen(row))
                _rows[next++] = row;
    }
}
