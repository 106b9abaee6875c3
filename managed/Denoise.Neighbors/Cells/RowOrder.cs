using System.Runtime.Intrinsics;
using Denoise.Atoms.Memory;

namespace Denoise.Neighbors.Cells;

/// <summary>
/// Sorts the neighbors of an atom by the vectors to them, by z, then y, then x. These are differences of the same doubles wherever the
/// atom is worked on, so that the order is the same everywhere. Belongs to one thread.
/// </summary>
internal sealed unsafe class RowOrder : IDisposable
{
    // Steps of a coordinate from -cutoff to cutoff, as a power of two: finer than atoms can be close to each other.
    private const int Bits = 21;
    private const double Steps = 1 << Bits;

    // So many are sorted by counting, for each, how many come before it.
    private const int FewNeighbors = 64;

    private readonly NativeBuffer<long> _keys = new(FewNeighbors);
    private readonly NativeBuffer<int> _sorted = new(FewNeighbors);

    public long MemoryBytes => _keys.CapacityBytes + _sorted.CapacityBytes;

    /// <param name="positions">of atoms and ghosts</param>
    /// <param name="atom">whose neighbors they are</param>
    /// <param name="cutoff">that they are closer than</param>
    /// <param name="row">[count] neighbors</param>
    /// <param name="count">how many</param>
    public void Sort(double* positions, int atom, double cutoff, int* row, int count)
    {
        _keys.Resize(count + Vector256<long>.Count);
        long* keys = _keys.Pointer;
        double* center = positions + 3L * atom;
        double x = center[0], y = center[1], z = center[2], scale = Steps / 2 / cutoff * (1 - 1e-6);
        for (int k = 0; k < count; k++)
        {
            double* r = positions + 3L * row[k];
            // Within (0, Steps): a difference is at most the cutoff.
            keys[k] = (long)((r[2] - z) * scale + Steps / 2) << 2 * Bits | (long)((r[1] - y) * scale + Steps / 2) << Bits
                | (long)((r[0] - x) * scale + Steps / 2);
        }

        if (count > FewNeighbors || !TrySortFew(keys, row, count))
        {
            new Span<long>(keys, count).Sort(new Span<int>(row, count));
            SortTies(positions, keys, row, count);
        }
    }

    public void Dispose()
    {
        _keys.Dispose();
        _sorted.Dispose();
    }

    /// <summary>False where two keys are equal.</summary>
    private bool TrySortFew(long* keys, int* row, int count)
    {
        Vector256.Create(long.MaxValue).Store(keys + count);
        int* sorted = _sorted.Pointer;
        long places = 0;
        for (int k = 0; k < count; k++)
        {
            Vector256<long> key = Vector256.Create(keys[k]), before = Vector256<long>.Zero;
            for (int j = 0; j < count; j += Vector256<long>.Count)
                before -= Vector256.LessThan(Vector256.Load(keys + j), key);
            int place = (int)Vector256.Sum(before);
            sorted[place] = row[k];
            places |= 1L << place;
        }

        if (places != (count == FewNeighbors ? -1 : (1L << count) - 1))
            return false;
        new ReadOnlySpan<int>(sorted, count).CopyTo(new(row, count));
        return true;
    }

    /// <summary>Orders what the keys do not tell apart.</summary>
    private static void SortTies(double* positions, long* keys, int* row, int count)
    {
        for (int k = 1; k < count; k++)
            for (int at = k; at > 0 && keys[at] == keys[at - 1] && Precedes(positions, row[at], row[at - 1]); at--)
                (row[at], row[at - 1]) = (row[at - 1], row[at]);
    }

    private static bool Precedes(double* positions, int one, int other)
    {
        double* a = positions + 3L * one, b = positions + 3L * other;
        return a[2] != b[2] ? a[2] < b[2] : a[1] != b[1] ? a[1] < b[1] : a[0] < b[0];
    }
}
