using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Denoise.Atoms;

namespace Denoise.Neighbors.Cells;

/// <summary>One thread's part of building a neighbor list: searches lines of cells and gives the rows it finds to the list.</summary>
internal sealed unsafe class ListWorker : IDisposable
{
    private readonly CandidateBlock _block = new();
    private readonly RowOrder _order = new();

    private CellGrid _grid = null!;
    private NeighborList _list = null!;
    private ParticleView _particles;
    private SinglePrecisionTest _test;
    private double _cutoff;
    private RowSpace _space;
    private bool _isOrdered;
    private ChunkSummary _found;

    public long MemoryBytes => _block.MemoryBytes + _order.MemoryBytes;

    public void Begin(CellGrid grid, ParticleView particles, double cutoff, NeighborList list)
    {
        _isOrdered = list.IsOrdered;
        (_grid, _particles, _cutoff, _list, _space) = (grid, particles, cutoff, list, default);
        _test = new SinglePrecisionTest(cutoff, grid.Layout.Reach);
    }

    /// <summary>Finds the rows of the owned atoms in lines [first, last).</summary>
    public ChunkSummary Search(int first, int last)
    {
        _found = new() { Closest = AtomPair.None };
        for (int line = first; line < last; line++)
        {
            int z = line / _grid.CountY, y = line - z * _grid.CountY;
            int* starts = _grid.Starts.Pointer + (long)line * _grid.CountX;
            for (int x = 0; x < _grid.CountX; x++)
            {
                if (HasOwned(starts[x], starts[x + 1]))
                    SearchCell(x, y, z, starts[x], starts[x + 1]);
            }
        }

        return _found;
    }

    public void Dispose()
    {
        _block.Dispose();
        _order.Dispose();
    }

    private bool HasOwned(int begin, int end)
    {
        // A stable sort: the owned atoms of a cell come before its ghosts.
        return begin < end && _grid.Atoms.Pointer[begin] < _particles.LocalCount;
    }

    private void SearchCell(int x, int y, int z, int begin, int end)
    {
        _block.Gather(_grid, x, y, z, slots: false);
        int needed = _block.Count + CellGrid.Padding;
        for (int slot = begin; slot < end; slot++)
        {
            int atom = _grid.Atoms.Pointer[slot];
            if (atom >= _particles.LocalCount)
                break;
            if (_space.Length < needed)
                _space = _list.TakeSpace(needed);
            int* row = _space.Pointer;
            int count = SearchAtom(atom, _block.Home + slot - begin, row);
            if (count > NeighborListBuilder.LargestRowAllowed)
            {
                throw new InputException($"An atom has {count} neighbors within {_cutoff:g6} Å: "
                    + "check the unit of the cutoff, the box, and that the atoms are not all in one place.");
            }

            if (_isOrdered)
                _order.Sort(_particles.Positions, atom, _cutoff, row, count);
            _list.SetRow(atom, row, count);
            _space = _space.After(count);
            (_found.Pairs, _found.LargestRow) = (_found.Pairs + count, Math.Max(_found.LargestRow, count));
        }
    }

    private int SearchAtom(int atom, int self, int* row)
    {
        float x = _block.X[self], y = _block.Y[self], z = _block.Z[self];
        double* r = _particles.Positions + 3L * atom;
        if (!double.IsFinite(r[0] + r[1] + r[2]))
            return 0;
        float reach = (float)_grid.Layout.Reach * (1 + 1e-6f);
        bool inside = _grid.Layout.HoldsAll || (Math.Abs(x) <= reach && Math.Abs(y) <= reach && Math.Abs(z) <= reach);
        if (!_test.IsUsable || !inside)
            return SearchExactly(atom, row);

        // Moved out of the way while its own neighbors are sought.
        _block.X[self] = float.PositiveInfinity;
        int count = Filter(_block, x, y, z, _test, row, out bool undecided, out float closest);
        _block.X[self] = x;
        if (undecided)
            count = SearchExactly(atom, row);
        else if (closest < _found.Closest.Distance * _found.Closest.Distance * (1 - 1e-5))
            UpdateClosest(atom, row, count);
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Filter(CandidateBlock block, float x, float y, float z, SinglePrecisionTest test, int* row, out bool undecided,
        out float closest)
    {
        Vector256<float> x0 = Vector256.Create(x), y0 = Vector256.Create(y), z0 = Vector256.Create(z);
        Vector256<float> surely = Vector256.Create(test.Inside), perhaps = Vector256.Create(test.Outside);
        Vector256<float> least = Vector256.Create(float.PositiveInfinity), between = Vector256<float>.Zero;
        float* xs = block.X, ys = block.Y, zs = block.Z;
        int* labels = block.Labels;
        int* next = row;
        int candidates = block.Count;
        for (int k = 0; k < candidates; k += 8)
        {
            Vector256<float> dx = Vector256.Load(xs + k) - x0, dy = Vector256.Load(ys + k) - y0, dz = Vector256.Load(zs + k) - z0;
            Vector256<float> square = Vector256.MultiplyAddEstimate(dz, dz, Vector256.MultiplyAddEstimate(dy, dy, dx * dx));
            Vector256<float> inside = Vector256.LessThan(square, surely);
            between |= Vector256.LessThan(square, perhaps) ^ inside;
            // This order: a NaN in the first operand yields the second.
            least = Vector256.MinNative(square, least);
            next += LaneCompaction.Store(Vector256.Load(labels + k), inside.ExtractMostSignificantBits(), next);
        }

        undecided = between.ExtractMostSignificantBits() != 0;
        Vector128<float> half = Vector128.Min(least.GetLower(), least.GetUpper());
        half = Vector128.Min(half, Vector128.Shuffle(half, Vector128.Create(2, 3, 0, 1)));
        closest = Math.Min(half.GetElement(0), half.GetElement(1));
        return (int)(next - row);
    }

    /// <summary>The same in double precision, one candidate after the other.</summary>
    private int SearchExactly(int atom, int* row)
    {
        int count = 0;
        for (int k = 0; k < _block.Count; k++)
        {
            int other = _block.Labels[k];
            if (other != atom && DistanceSquared(atom, other) < _cutoff * _cutoff)
                row[count++] = other;
        }

        UpdateClosest(atom, row, count);
        return count;
    }

    private void UpdateClosest(int atom, int* row, int count)
    {
        for (int k = 0; k < count; k++)
        {
            double distance = Math.Sqrt(DistanceSquared(atom, row[k]));
            if (distance < _found.Closest.Distance)
                _found.Closest = new AtomPair(atom, row[k], distance);
        }
    }

    private double DistanceSquared(int i, int j)
    {
        double* a = _particles.Positions + 3L * i, b = _particles.Positions + 3L * j;
        double dx = b[0] - a[0], dy = b[1] - a[1], dz = b[2] - a[2];
        return dx * dx + dy * dy + dz * dz;
    }
}
