using System.Runtime.Intrinsics;
using Denoise.Atoms;
using Denoise.Atoms.Memory;

namespace Denoise.Neighbors.Cells;

/// <summary>One thread's part of a histogram of pairs: finds those of an atom with atoms behind it in the order of the cells.</summary>
internal sealed unsafe class PairCounter : IDisposable
{
    private const int Lanes = 8;
    private const double EdgeTolerance = 1e-9;

    private readonly CandidateBlock _block = new();
    private readonly NativeBuffer<int> _slots = new();
    private readonly NativeBuffer<float> _squares = new();

    private CellGrid _grid = null!;
    private SinglePrecisionTest _test;
    private double _cutoff;
    private double _scale;
    private int _bins;
    private int _localCount;
    private float _reach;

    // Of a distance in units of bins times its distance from the nearest edge: below this, and so much per square, all is open.
    private float _open;
    private float _openPerSquare;

    private int* _labelAt;
    private int _labels;
    private long* _counts;
    private long _copy;

    public long MemoryBytes => _block.MemoryBytes + _slots.CapacityBytes + _squares.CapacityBytes;

    /// <param name="grid">sorted atoms</param>
    /// <param name="cutoff">Å</param>
    /// <param name="localCount">owned atoms</param>
    /// <param name="bins">of equal width up to the cutoff</param>
    /// <param name="labelAt">[grid.Count] labels of the slots, times the number of bins</param>
    /// <param name="labels">how many there are</param>
    /// <param name="counts">[labels, labels, bins], added to</param>
    /// <param name="copy">from there to the next of four copies; 0: there is one</param>
    public void Begin(CellGrid grid, double cutoff, int localCount, int bins, int* labelAt, int labels, long* counts, long copy)
    {
        (_grid, _cutoff, _localCount, _bins, _scale) = (grid, cutoff, localCount, bins, bins / cutoff);
        (_labels, _copy) = (labels, copy);
        _labelAt = labelAt;
        _counts = counts;
        _test = new SinglePrecisionTest(cutoff, grid.Layout.Reach);
        _reach = (float)grid.Layout.Reach * (1 + 1e-6f);
        // A square that is off by e makes a root off by at most e over the root; then root and product are rounded.
        _open = (float)(_scale * _scale * ((double)_test.Outside - cutoff * cutoff) * 1.001);
        _openPerSquare = 8f / (1 << 24);
    }

    /// <summary>Counts the pairs of the atoms in a line of cells with those behind them.</summary>
    public void CountLine(int line)
    {
        int z = line / _grid.CountY, y = line - z * _grid.CountY;
        int* starts = _grid.Starts.Pointer + (long)line * _grid.CountX;
        for (int x = 0; x < _grid.CountX; x++)
        {
            if (starts[x] == starts[x + 1])
                continue;
            _block.GatherBehind(_grid, x, y, z);
            if (!HasOwned())
                continue;
            _slots.Resize(_block.Count + CellGrid.Padding);
            _squares.Resize(_block.Count + CellGrid.Padding);
            for (int slot = starts[x]; slot < starts[x + 1]; slot++)
                Count(slot, slot - starts[x]);
        }
    }

    public void Dispose()
    {
        _block.Dispose();
        _slots.Dispose();
        _squares.Dispose();
    }

    /// <summary>Whether any of the candidates is an owned atom: pairs of ghosts alone are left to others.</summary>
    private bool HasOwned()
    {
        int* slots = _block.Labels, atoms = _grid.Atoms.Pointer;
        for (int k = 0; k < _block.Count; k++)
            if (atoms[slots[k]] < _localCount)
                return true;
        return false;
    }

    /// <param name="slot">of an atom</param>
    /// <param name="self">where it is among the candidates</param>
    private void Count(int slot, int self)
    {
        float x = _block.X[self], y = _block.Y[self], z = _block.Z[self];
        bool isInside = _grid.Layout.HoldsAll || (Math.Abs(x) <= _reach && Math.Abs(y) <= _reach && Math.Abs(z) <= _reach);
        long* counts = _counts + (long)_labels * _labelAt[slot];
        int found = 0;
        if (_test.IsUsable && isInside)
        {
            found = LaneCompaction.IsWide ? FilterWide(x, y, z, self + 1) : Filter(x, y, z, self + 1);
            CountFound(slot, found, counts);
        }
        else
        {
            for (int k = self + 1; k < _block.Count; k++)
                found += CountExactly(slot, _block.Labels[k], counts);
        }

        if (found > NeighborListBuilder.LargestRowAllowed)
        {
            throw new InputException($"An atom has more than {NeighborListBuilder.LargestRowAllowed} neighbors within {_cutoff:g6} Å: "
                + "check the unit of the cutoff, the box, and that the atoms are not all in one place.");
        }
    }

    /// <summary>The candidates from one on that may be near, and their squared distances; how many.</summary>
    private int Filter(float x, float y, float z, int begin)
    {
        Vector256<float> x0 = Vector256.Create(x), y0 = Vector256.Create(y), z0 = Vector256.Create(z);
        Vector256<float> perhaps = Vector256.Create(_test.Outside);
        float* xs = _block.X, ys = _block.Y, zs = _block.Z;
        int* labels = _block.Labels, slots = _slots.Pointer, squares = (int*)_squares.Pointer;
        int found = 0, count = _block.Count;
        for (int k = begin; k < count; k += 8)
        {
            Vector256<float> dx = Vector256.Load(xs + k) - x0, dy = Vector256.Load(ys + k) - y0, dz = Vector256.Load(zs + k) - z0;
            Vector256<float> square = Vector256.MultiplyAddEstimate(dz, dz, Vector256.MultiplyAddEstimate(dy, dy, dx * dx));
            uint near = Vector256.LessThan(square, perhaps).ExtractMostSignificantBits();
            found += LaneCompaction.Store(Vector256.Load(labels + k), square.AsInt32(), near, slots + found, squares + found);
        }

        return found;
    }

    /// <summary>The same, sixteen at a time.</summary>
    private int FilterWide(float x, float y, float z, int begin)
    {
        Vector512<float> x0 = Vector512.Create(x), y0 = Vector512.Create(y), z0 = Vector512.Create(z);
        Vector512<float> perhaps = Vector512.Create(_test.Outside);
        float* xs = _block.X, ys = _block.Y, zs = _block.Z;
        int* labels = _block.Labels, slots = _slots.Pointer, squares = (int*)_squares.Pointer;
        int found = 0, count = _block.Count;
        for (int k = begin; k < count; k += 16)
        {
            Vector512<float> dx = Vector512.Load(xs + k) - x0, dy = Vector512.Load(ys + k) - y0, dz = Vector512.Load(zs + k) - z0;
            Vector512<float> square = Vector512.MultiplyAddEstimate(dz, dz, Vector512.MultiplyAddEstimate(dy, dy, dx * dx));
            Vector512<int> near = Vector512.LessThan(square, perhaps).AsInt32();
            found += LaneCompaction.Store(Vector512.Load(labels + k), square.AsInt32(), near, slots + found, squares + found);
        }

        return found;
    }

    private void CountFound(int slot, int found, long* counts)
    {
        Vector256<float> scale = Vector256.Create((float)_scale), last = Vector256.Create((float)_bins);
        Vector256<float> open = Vector256.Create(_open), perSquare = Vector256.Create(_openPerSquare);
        int* slots = _slots.Pointer, labelAt = _labelAt;
        int* bins = stackalloc int[Lanes];
        long* second = counts + _copy, third = second + _copy, fourth = third + _copy;
        for (int k = 0; k < found; k += Lanes)
        {
            Vector256<float> place = Vector256.Sqrt(Vector256.Load(_squares.Pointer + k)) * scale;
            Vector256<float> toEdge = Vector256.Abs(place - Vector256.Round(place));
            Vector256<float> isOpen = Vector256.LessThanOrEqual(toEdge * place, open + perSquare * (place * place))
                | Vector256.GreaterThanOrEqual(place, last);
            int here = Math.Min(found - k, Lanes);
            uint undecided = isOpen.ExtractMostSignificantBits() & ((1u << here) - 1);
            Vector256.ConvertToInt32Native(place).Store(bins);
            if (undecided != 0)
            {
                for (int lane = 0; lane < here; lane++)
                    if ((undecided >> lane & 1) == 0)
                        counts[bins[lane] + labelAt[slots[k + lane]]]++;
                    else
                        CountExactly(slot, slots[k + lane], counts);
            }
            else if (here == Lanes)
            {
                counts[bins[0] + labelAt[slots[k]]]++;
                second[bins[1] + labelAt[slots[k + 1]]]++;
                third[bins[2] + labelAt[slots[k + 2]]]++;
                fourth[bins[3] + labelAt[slots[k + 3]]]++;
                counts[bins[4] + labelAt[slots[k + 4]]]++;
                second[bins[5] + labelAt[slots[k + 5]]]++;
                third[bins[6] + labelAt[slots[k + 6]]]++;
                fourth[bins[7] + labelAt[slots[k + 7]]]++;
            }
            else
            {
                for (int lane = 0; lane < here; lane++)
                    counts[bins[lane] + labelAt[slots[k + lane]]]++;
            }
        }
    }

    /// <summary>One pair; 1 where it is near.</summary>
    private int CountExactly(int slot, int other, long* counts)
    {
        double* a = _grid.Rows.Pointer + 4L * slot, b = _grid.Rows.Pointer + 4L * other;
        double dx = b[0] - a[0], dy = b[1] - a[1], dz = b[2] - a[2], square = dx * dx + dy * dy + dz * dz;
        if (!(square < _cutoff * _cutoff))
            return 0;
        counts[_labelAt[other] + Math.Min((int)(Math.Sqrt(square) * _scale + EdgeTolerance), _bins - 1)]++;
        return 1;
    }
}
