using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Denoise.Atoms.Memory;

namespace Denoise.Neighbors.Cells;

/// <summary>
/// One thread's part of a nearest-neighbor search. The usual road: single-precision tests choose, among the 27 cells around an
/// atom, those that may lie within the search radius; their squared distances are computed in double precision and sorted by
/// counting, for each, how many are smaller. The long road widens the ring of cells until enough are found.
/// </summary>
internal sealed unsafe class NearestWorker : IDisposable
{
    // Sorting by counting compares all pairs: up to so many it beats everything else.
    private const int MostCounted = 32;

    // Larger than any squared distance below the search radius: marks what single precision let through by mistake.
    private const double Excluded = 1e300;

    private readonly CandidateBlock _block = new();
    private readonly NativeBuffer<int> _slots = new();
    private readonly NearestScratch _found = new(MostCounted + 8);
    private readonly NearestScratch _sorted = new(MostCounted + 8);

    private CellGrid _grid = null!;
    private SinglePrecisionTest _test;
    private double _radius;
    private double _maxDistance;
    private int _wanted;
    private int _count;
    private bool _isFinal;
    private double _beyond;

    /// <summary>What the last search found.</summary>
    public NearestNeighbors Nearest =>
        new(_count, _isFinal, _beyond, _sorted.Squares, _sorted.X, _sorted.Y, _sorted.Z, _sorted.Indices);

    public long MemoryBytes => _block.MemoryBytes + _slots.CapacityBytes + _found.MemoryBytes + _sorted.MemoryBytes;

    /// <param name="grid">sorted atoms with cells at least a radius wide</param>
    /// <param name="wanted">number of neighbors that ends a search</param>
    /// <param name="radius">search radius of the usual road</param>
    /// <param name="maxDistance">neighbors further away do not exist</param>
    public void Begin(CellGrid grid, int wanted, double radius, double maxDistance)
    {
        (_grid, _wanted, _radius, _maxDistance) = (grid, wanted, radius, maxDistance);
        _test = new SinglePrecisionTest(radius, grid.Layout.Reach);
        _sorted.Reserve(wanted + 8);
    }

    /// <summary>Gathers what the atoms of a cell are tested against.</summary>
    public void EnterCell(int x, int y, int z)
    {
        _block.Gather(_grid, x, y, z, slots: true);
        int needed = _block.Count + CellGrid.Padding;
        if (_slots.Length < needed)
            _slots.Resize(needed + needed / 2);
    }

    /// <summary>Finds every neighbor within the search radius of the <paramref name="member"/>-th atom of the cell entered.</summary>
    /// <returns>false where only <see cref="FindMore"/> can tell</returns>
    public bool FindNear(int member)
    {
        int self = _block.Home + member, slot = _block.Labels[self];
        float x = _block.X[self], y = _block.Y[self], z = _block.Z[self];
        float reach = (float)_grid.Layout.Reach * (1 + 1e-6f);
        bool inside = Math.Abs(x) <= reach && Math.Abs(y) <= reach && Math.Abs(z) <= reach;
        if (!_test.IsUsable || !inside)
            return false;

        _block.X[self] = float.PositiveInfinity;
        int count = Filter(x, y, z, _test.Outside);
        _block.X[self] = x;
        if (count > MostCounted)
            return false;

        Measure(slot, count);
        Sort(count);
        _beyond = _radius * _radius;
        _isFinal = _count >= _wanted || _radius >= _maxDistance;
        if (_radius >= _maxDistance)
            _beyond = double.PositiveInfinity;
        return true;
    }

    /// <summary>Finds the wanted number of neighbors of an atom, or all there are.</summary>
    public void FindMore(int slot, int x, int y, int z)
    {
        _isFinal = true;
        double* center = _grid.Rows.Pointer + 4L * slot;
        if (!double.IsFinite(center[0] + center[1] + center[2]))
        {
            (_count, _beyond) = (0, double.PositiveInfinity);
            return;
        }

        int whole = Math.Max(_grid.CountX, Math.Max(_grid.CountY, _grid.CountZ));
        for (int ring = 1; ; ring = ring < 4 ? ring + 1 : 2 * ring)
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

    public void Dispose()
    {
        _block.Dispose();
        _slots.Dispose();
        _found.Dispose();
        _sorted.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Filter(float x, float y, float z, float outside)
    {
        Vector256<float> x0 = Vector256.Create(x), y0 = Vector256.Create(y), z0 = Vector256.Create(z);
        Vector256<float> limit = Vector256.Create(outside);
        float* xs = _block.X, ys = _block.Y, zs = _block.Z;
        int* labels = _block.Labels, slots = _slots.Pointer, next = slots;
        int candidates = _block.Count;
        for (int k = 0; k < candidates; k += 8)
        {
            Vector256<float> dx = Vector256.Load(xs + k) - x0, dy = Vector256.Load(ys + k) - y0, dz = Vector256.Load(zs + k) - z0;
            Vector256<float> square = dx * dx + dy * dy + dz * dz;
            next += LaneCompaction.Store(Vector256.Load(labels + k), Vector256.LessThan(square, limit).ExtractMostSignificantBits(), next);
        }

        // Full groups of four for what follows: the padding of the grid is infinitely far away.
        Vector128.Create(_grid.Count).Store(next);
        return (int)(next - slots);
    }

    /// <summary>Vectors and squared distances from an atom to the chosen slots, in double precision.</summary>
    private void Measure(int self, int count)
    {
        double* rows = _grid.Rows.Pointer;
        int* slots = _slots.Pointer;
        Vector256<double> center = Vector256.Load(rows + 4L * self), limit = Vector256.Create(_radius * _radius);
        for (int k = 0; k < count; k += 4)
        {
            Vector256<double> a = Vector256.Load(rows + 4L * slots[k]) - center, b = Vector256.Load(rows + 4L * slots[k + 1]) - center;
            Vector256<double> c = Vector256.Load(rows + 4L * slots[k + 2]) - center, d = Vector256.Load(rows + 4L * slots[k + 3]) - center;
            Transpose(a, b, c, d, out Vector256<double> x, out Vector256<double> y, out Vector256<double> z);
            Vector256<double> square = x * x + y * y + z * z;
            square = Vector256.ConditionalSelect(Vector256.LessThan(square, limit), square, Vector256.Create(Excluded));
            x.Store(_found.X + k);
            y.Store(_found.Y + k);
            z.Store(_found.Z + k);
            square.Store(_found.Squares + k);
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

    /// <summary>Sorts by squared distance, then index, and drops what is excluded.</summary>
    private void Sort(int count)
    {
        double* squares = _found.Squares;
        long* ranks = _found.Ranks;
        // Positions in the lowest five bits make the keys distinct; what that can misplace is put right below.
        Vector256<long> position = Vector256.Create(0L, 1, 2, 3);
        Vector256<long> clear = Vector256.Create(~(MostCounted - 1L));
        double* keys = _sorted.Squares;
        for (int k = 0; k < count; k += 4, position += Vector256.Create(4L))
            ((Vector256.Load(squares + k).AsInt64() & clear) | position).AsDouble().Store(keys + k);

        for (int k = 0; k < count; k += 4)
        {
            Vector256<double> key = Vector256.Load(keys + k);
            Vector256<long> rank = Vector256<long>.Zero;
            for (int j = 0; j < count; j++)
                rank -= Vector256.GreaterThan(key, Vector256.Create(keys[j])).AsInt64();
            rank.Store(ranks + k);
        }

        int kept = 0;
        for (int k = 0; k < count; k++)
        {
            long rank = ranks[k];
            double square = squares[k];
            _sorted.Squares[rank] = square;
            _sorted.X[rank] = _found.X[k];
            _sorted.Y[rank] = _found.Y[k];
            _sorted.Z[rank] = _found.Z[k];
            _sorted.Indices[rank] = _grid.Atoms.Pointer[_slots.Pointer[k]];
            kept += square < Excluded ? 1 : 0;
        }

        _count = kept;
        for (int k = 1; k < kept; k++)
        {
            if (_sorted.Squares[k] <= _sorted.Squares[k - 1])
                Insert(k);
        }
    }

    /// <summary>Moves entry <paramref name="k"/> of the sorted arrays down to where it belongs.</summary>
    private void Insert(int k)
    {
        NearestScratch s = _sorted;
        for (; k > 0 && Precedes(s.Squares[k], s.Indices[k], s.Squares[k - 1], s.Indices[k - 1]); k--)
        {
            (s.Squares[k - 1], s.Squares[k]) = (s.Squares[k], s.Squares[k - 1]);
            (s.X[k - 1], s.X[k]) = (s.X[k], s.X[k - 1]);
            (s.Y[k - 1], s.Y[k]) = (s.Y[k], s.Y[k - 1]);
            (s.Z[k - 1], s.Z[k]) = (s.Z[k], s.Z[k - 1]);
            (s.Indices[k - 1], s.Indices[k]) = (s.Indices[k], s.Indices[k - 1]);
        }
    }

    private static bool Precedes(double square, int index, double otherSquare, int otherIndex) =>
        square < otherSquare || (square == otherSquare && index < otherIndex);

    /// <summary>The nearest atoms below a limit within a ring of cells, at most as many as wanted.</summary>
    private void ScanRing(int slot, int x, int y, int z, int ring, double limit)
    {
        NearestScratch s = _sorted;
        _count = 0;
        double* center = _grid.Rows.Pointer + 4L * slot;
        int x0 = Math.Max(x - ring, 0), x1 = Math.Min(x + ring, _grid.CountX - 1);
        for (int layer = Math.Max(z - ring, 0); layer <= Math.Min(z + ring, _grid.CountZ - 1); layer++)
        {
            for (int line = Math.Max(y - ring, 0); line <= Math.Min(y + ring, _grid.CountY - 1); line++)
            {
                int* starts = _grid.Starts.Pointer + ((long)layer * _grid.CountY + line) * _grid.CountX;
                for (int other = starts[x0]; other < starts[x1 + 1]; other++)
                {
                    double* row = _grid.Rows.Pointer + 4L * other;
                    double dx = row[0] - center[0], dy = row[1] - center[1], dz = row[2] - center[2];
                    double square = dx * dx + dy * dy + dz * dz;
                    if (other == slot || !(square < limit))
                        continue;
                    int index = _grid.Atoms.Pointer[other];
                    if (_count == _wanted && !Precedes(square, index, s.Squares[_count - 1], s.Indices[_count - 1]))
                        continue;
                    int at = _count < _wanted ? _count++ : _count - 1;
                    (s.Squares[at], s.X[at], s.Y[at], s.Z[at], s.Indices[at]) = (square, dx, dy, dz, index);
                    Insert(at);
                }
            }
        }
    }
}
