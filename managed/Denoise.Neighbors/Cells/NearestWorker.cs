using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Denoise.Atoms.Memory;

namespace Denoise.Neighbors.Cells;

/// <summary>
/// One thread's part of a nearest-neighbor search. The usual road: single-precision tests choose, among the 27 cells around an
/// atom, those that may lie within the search radius and sort them; squared distances in double precision put right what single
/// precision could not tell. The long road widens the ring of cells until enough are found.
/// </summary>
internal sealed unsafe class NearestWorker : IDisposable
{
    // Those used nearly always lie within this many bytes: a vector stored across the border of two pages takes very long.
    private const int KeyAlignment = 256;

    // All candidates may pass, and whole vectors are written.
    private const int MostKeys = RankOrder.Labels + 64 + KeyAlignment / sizeof(int);

    private readonly CandidateBlock _block = new();
    private readonly NativeBuffer<int> _keys = new(MostKeys);
    private readonly NearestScratch _sorted = new();

    private CellGrid _grid = null!;
    private SinglePrecisionTest _test;
    private double _radius;
    private double _maxDistance;
    private float _reach;
    private int _wanted;
    private int _count;
    private bool _isFinal;
    private double _beyond;

    /// <summary>What the last search found.</summary>
    public NearestNeighbors Nearest =>
        new(_count, _isFinal, _beyond, _sorted.Squares, _sorted.X, _sorted.Y, _sorted.Z, _sorted.Slots, _grid.Atoms.Pointer);

    public long MemoryBytes => _block.MemoryBytes + _keys.CapacityBytes + _sorted.MemoryBytes;

    /// <param name="grid">sorted atoms with cells at least a radius wide</param>
    /// <param name="wanted">number of neighbors that ends a search</param>
    /// <param name="radius">search radius of the usual road</param>
    /// <param name="maxDistance">neighbors further away do not exist</param>
    public void Begin(CellGrid grid, int wanted, double radius, double maxDistance)
    {
        (_grid, _wanted, _radius, _maxDistance) = (grid, wanted, radius, maxDistance);
        _test = new SinglePrecisionTest(radius, grid.Layout.Reach);
        _reach = (float)grid.Layout.Reach * (1 + 1e-6f);
        _sorted.Reserve(Math.Max(wanted, RankOrder.Most) + 8);
    }

    /// <summary>Gathers what the atoms of a cell are tested against.</summary>
    public void EnterCell(int x, int y, int z) => _block.Gather(_grid, x, y, z, slots: true);

    /// <summary>Finds every neighbor within the search radius of the <paramref name="member"/>-th atom of the cell entered.</summary>
    /// <returns>false where only <see cref="FindMore"/> can tell</returns>
    public bool FindNear(int member)
    {
        int self = _block.Home + member, slot = _block.Labels[self];
        float x = _block.X[self], y = _block.Y[self], z = _block.Z[self];
        bool inside = Math.Abs(x) <= _reach && Math.Abs(y) <= _reach && Math.Abs(z) <= _reach;
        if (!_test.IsUsable || !inside || _block.Count > RankOrder.Labels)
            return false;

        _block.X[self] = float.PositiveInfinity;
        int* keys = Keys;
        int count = Filter(x, y, z, keys);
        _block.X[self] = x;
        if (count > RankOrder.Most)
            return false;

        RankOrder.Sort(keys, count, _block.Labels, _sorted.Slots);
        Measure(slot, count);
        _count = Settle(count);
        bool isAll = _radius >= _maxDistance;
        _beyond = isAll ? double.PositiveInfinity : _radius * _radius;
        _isFinal = isAll || _count >= _wanted;
        return true;
    }

    /// <summary>Finds the wanted number of neighbors of an atom, or all there are.</summary>
    /// <param name="slot">the atom</param>
    /// <param name="x">column of its cell</param>
    /// <param name="y">line of its cell</param>
    /// <param name="z">layer of its cell</param>
    /// <param name="ring">cells to go in each direction at first; 2 where the 27 cells are known not to be enough</param>
    public void FindMore(int slot, int x, int y, int z, int ring = 1)
    {
        _isFinal = true;
        double* center = _grid.Rows.Pointer + 4L * slot;
        if (!double.IsFinite(center[0] + center[1] + center[2]))
        {
            (_count, _beyond) = (0, double.PositiveInfinity);
            return;
        }

        int whole = Math.Max(_grid.CountX, Math.Max(_grid.CountY, _grid.CountZ));
        for (; ; ring = ring < 4 ? ring + 1 : 2 * ring)
        {
            // Nothing outside of the ring is closer than this; cells are a little wider than their nominal side.
            double complete = ring >= whole ? double.PositiveInfinity : ring * _grid.Layout.CellSide * (1 - 1e-8);
            double limit = Math.Min(complete, _maxDistance);
            ScanRing(slot, x, y, z, ring, limit * limit);
            if (_count == _wanted || complete >= _maxDistance)
                break;
        }

        _beyond = _count == _wanted ? _sorted.Squares[_count - 1] : double.PositiveInfinity;
    }

    private int* Keys => (int*)(((nuint)_keys.Pointer + KeyAlignment - 1) / KeyAlignment * KeyAlignment);

    public void Dispose()
    {
        _block.Dispose();
        _keys.Dispose();
        _sorted.Dispose();
    }

    /// <summary>
    /// Keys of <see cref="RankOrder"/>, that is squared distances and numbers, of the candidates that may lie within the radius.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Filter(float x, float y, float z, int* keys)
    {
        float* xs = _block.X, ys = _block.Y, zs = _block.Z;
        int candidates = _block.Count, count = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<float> x0 = Vector512.Create(x), y0 = Vector512.Create(y), z0 = Vector512.Create(z);
            Vector512<float> limit = Vector512.Create(_test.Outside);
            Vector512<int> number = Vector512<int>.Indices, clear = Vector512.Create(~RankOrder.LabelMask);
            for (int k = 0; k < candidates; k += 16, number += Vector512.Create(16))
            {
                Vector512<float> dx = Vector512.Load(xs + k) - x0, dy = Vector512.Load(ys + k) - y0, dz = Vector512.Load(zs + k) - z0;
                Vector512<float> square = Vector512.MultiplyAddEstimate(dz, dz, Vector512.MultiplyAddEstimate(dy, dy, dx * dx));
                uint mask = (uint)Vector512.LessThan(square, limit).ExtractMostSignificantBits();
                Vector512<int> key = (square.AsInt32() & clear) | number;
                count += LaneCompaction.Store(key.GetLower(), mask & 0xFF, keys + count);
                count += LaneCompaction.Store(key.GetUpper(), mask >> 8, keys + count);
            }
        }
        else
        {
            Vector256<float> x0 = Vector256.Create(x), y0 = Vector256.Create(y), z0 = Vector256.Create(z);
            Vector256<float> limit = Vector256.Create(_test.Outside);
            Vector256<int> number = Vector256<int>.Indices, clear = Vector256.Create(~RankOrder.LabelMask);
            for (int k = 0; k < candidates; k += 8, number += Vector256.Create(8))
            {
                Vector256<float> dx = Vector256.Load(xs + k) - x0, dy = Vector256.Load(ys + k) - y0, dz = Vector256.Load(zs + k) - z0;
                Vector256<float> square = Vector256.MultiplyAddEstimate(dz, dz, Vector256.MultiplyAddEstimate(dy, dy, dx * dx));
                uint mask = Vector256.LessThan(square, limit).ExtractMostSignificantBits();
                Vector256<int> key = (square.AsInt32() & clear) | number;
                count += LaneCompaction.Store(key, mask, keys + count);
            }
        }

        return count;
    }

    /// <summary>Vectors and squared distances from an atom to the sorted slots, in double precision.</summary>
    private void Measure(int self, int count)
    {
        NearestScratch s = _sorted;
        double* rows = _grid.Rows.Pointer, squares = s.Squares, xs = s.X, ys = s.Y, zs = s.Z;
        int* slots = s.Slots;
        // Full groups of four: the padding of the grid is infinitely far away.
        Vector128.Create(_grid.Count).Store(slots + count);
        Vector256<double> center = Vector256.Load(rows + 4L * self);
        for (int k = 0; k < count; k += 4)
        {
            Vector256<double> a = Vector256.Load(rows + 4L * slots[k]) - center, b = Vector256.Load(rows + 4L * slots[k + 1]) - center;
            Vector256<double> c = Vector256.Load(rows + 4L * slots[k + 2]) - center, d = Vector256.Load(rows + 4L * slots[k + 3]) - center;
            Transpose(a, b, c, d, out Vector256<double> x, out Vector256<double> y, out Vector256<double> z);
            x.Store(xs + k);
            y.Store(ys + k);
            z.Store(zs + k);
            (x * x + y * y + z * z).Store(squares + k);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(Vector256<double> a, Vector256<double> b, Vector256<double> c, Vector256<double> d,
        out Vector256<double> x, out Vector256<double> y, out Vector256<double> z)
    {
        if (Avx.IsSupported)
        {
            Vector256<double> ab = Avx.UnpackLow(a, b), cd = Avx.UnpackLow(c, d);
            x = Avx.Permute2x128(ab, cd, 0x20);
            z = Avx.Permute2x128(ab, cd, 0x31);
            y = Avx.Permute2x128(Avx.UnpackHigh(a, b), Avx.UnpackHigh(c, d), 0x20);
        }
        else
        {
            x = Vector256.Create(a[0], b[0], c[0], d[0]);
            y = Vector256.Create(a[1], b[1], c[1], d[1]);
            z = Vector256.Create(a[2], b[2], c[2], d[2]);
        }
    }

    /// <summary>Puts right what single precision has misplaced, and drops what lies at the radius or beyond.</summary>
    private int Settle(int count)
    {
        double* squares = _sorted.Squares;
        for (int k = 1; k < count; k += 4)
        {
            // Past the end everything is infinite or of an earlier atom: at worst the check below is done in vain.
            if (Vector256.LessThanOrEqualAny(Vector256.Load(squares + k), Vector256.Load(squares + k - 1)))
            {
                for (int entry = k; entry < Math.Min(k + 4, count); entry++)
                {
                    if (squares[entry] <= squares[entry - 1])
                        _sorted.Insert(entry);
                }
            }
        }

        double limit = _radius * _radius;
        while (count > 0 && !(squares[count - 1] < limit))
            count--;
        return count;
    }

    /// <summary>The nearest atoms below a limit within a ring of cells, at most as many as wanted.</summary>
    private void ScanRing(int slot, int x, int y, int z, int ring, double limit)
    {
        NearestScratch s = _sorted;
        double* rows = _grid.Rows.Pointer;
        double cx = rows[4L * slot], cy = rows[4L * slot + 1], cz = rows[4L * slot + 2];
        int count = 0;
        int x0 = Math.Max(x - ring, 0), x1 = Math.Min(x + ring, _grid.CountX - 1);
        for (int layer = Math.Max(z - ring, 0); layer <= Math.Min(z + ring, _grid.CountZ - 1); layer++)
        {
            for (int line = Math.Max(y - ring, 0); line <= Math.Min(y + ring, _grid.CountY - 1); line++)
            {
                int* starts = _grid.Starts.Pointer + ((long)layer * _grid.CountY + line) * _grid.CountX;
                int end = starts[x1 + 1];
                for (int other = starts[x0]; other < end; other++)
                {
                    double* row = rows + 4L * other;
                    double dx = row[0] - cx, dy = row[1] - cy, dz = row[2] - cz;
                    double square = dx * dx + dy * dy + dz * dz;
                    if (!(square < limit) || other == slot)
                        continue;
                    if (count == _wanted && !s.Precedes(square, dx, dy, dz, count - 1))
                        continue;
                    int at = count < _wanted ? count++ : count - 1;
                    (s.Squares[at], s.X[at], s.Y[at], s.Z[at], s.Slots[at]) = (square, dx, dy, dz, other);
                    s.Insert(at);
                }
            }
        }

        _count = count;
    }
}
