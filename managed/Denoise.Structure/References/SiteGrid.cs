using Denoise.Atoms;
using Denoise.Atoms.Memory;

namespace Denoise.Structure.References;

/// <summary>
/// Sites of a box, sorted into cells of its fractional coordinates: the nearest site to a point, and the neighbors of a site, across the
/// periodic edges of any box, however small. Made once; searches may run on several threads.
/// </summary>
internal sealed unsafe class SiteGrid : IDisposable
{
    // Squared distances that differ by less, relatively, are equal: the site of the lower index is the nearest then.
    private const double Tie = 1e-9;
    private const long MostCellsPerSite = 4;

    // Cells around a point, images included: a gas atom far from a crystal of a million sites sees fewer.
    private const long MostVisited = 1 << 22;

    private readonly NativeBuffer<int> _starts = new();
    private readonly NativeBuffer<int> _sites = new();
    private readonly NativeBuffer<int> _places = new();
    private readonly NativeBuffer<Vec3> _positions = new();
    private readonly Vec3[] _rows = new Vec3[3];
    private readonly int[] _counts = new int[3];
    private readonly double[] _lows = new double[3];
    private readonly double[] _scales = new double[3];

    // Å across a cell along each direction; infinite where there is one cell that does not repeat.
    private readonly double[] _widths = new double[3];

    private Box _box = Box.Orthogonal(1, 1, 1);

    public int Count => (int)_sites.Length;

    /// <summary>Sorts sites into cells.</summary>
    /// <param name="positions">[count, 3] Å; may lie outside of the box</param>
    /// <param name="count">of sites</param>
    /// <param name="box">Å</param>
    /// <param name="width">Å that a cell should have at least; 0: for about two sites in a cell</param>
    public void Build(double* positions, int count, Box box, double width)
    {
        _box = box;
        (_rows[0], _rows[1], _rows[2]) = box.Reciprocal;
        _positions.Resize(count);
        _sites.Resize(count);
        _places.Resize(count);
        using NativeBuffer<Vec3> fractions = new(count);
        using NativeBuffer<Vec3> wrapped = new(count);
        for (int k = 0; k < count; k++)
            (wrapped[k], fractions[k]) = Wrap(new(positions[3L * k], positions[3L * k + 1], positions[3L * k + 2]));
        Layout(fractions.Span, width);
        int cells = _counts[0] * _counts[1] * _counts[2];
        _starts.Resize(cells + 1L);
        _starts.Clear();
        for (int k = 0; k < count; k++)
            _starts[Cell(fractions[k]) + 1]++;
        for (int cell = 0; cell < cells; cell++)
            _starts[cell + 1] += _starts[cell];
        // Filling moves each start to its cell's end, which is the next one's start: they are shifted back after it.
        for (int k = 0; k < count; k++)
        {
            int place = _starts[Cell(fractions[k])]++;
            (_sites[place], _positions[place], _places[k]) = (k, wrapped[k], place);
        }

        for (int cell = cells; cell > 0; cell--)
            _starts[cell] = _starts[cell - 1];
        _starts[0] = 0;
    }

    /// <summary>The site that has an image nearest to a point, of equally near ones that of the lowest index; -1: there is none.</summary>
    public int Nearest(Vec3 point)
    {
        (Vec3 r, Vec3 fraction) = Wrap(point);
        if (Count == 0 || !double.IsFinite(Vec3.Dot(r, r)))
            return -1;
        int a = Slab(0, fraction.X), b = Slab(1, fraction.Y), c = Slab(2, fraction.Z);
        int nearest = -1;
        long visited = 0;
        double square = double.PositiveInfinity, width = Math.Min(_widths[0], Math.Min(_widths[1], _widths[2]));
        for (int ring = 0; ; ring++)
        {
            // What is farther than this ring of cells is farther than so many widths.
            double beyond = (ring - 1) * width;
            if (nearest >= 0 && ring > 0 && (double.IsInfinity(width) || square * (1 + 2 * Tie) < beyond * beyond))
                return nearest;
            // All cells were seen: no site has finite coordinates, or there are no images that might be nearer.
            if ((nearest < 0 || !_box.AnyPeriodic) && ring > Math.Max(_counts[0], Math.Max(_counts[1], _counts[2])))
                return nearest;
            (int lowA, int highA) = Range(0, a, ring);
            (int lowB, int highB) = Range(1, b, ring);
            (int lowC, int highC) = Range(2, c, ring);
            for (int da = lowA; da <= highA; da++)
            {
                for (int db = lowB; db <= highB; db++)
                {
                    // Of the ring: a whole row at its edges, else the two ends of one.
                    visited++;
                    bool isEdge = Math.Abs(da) == ring || Math.Abs(db) == ring;
                    for (int dc = isEdge ? lowC : Math.Max(lowC, -ring); dc <= highC; dc++)
                    {
                        if (!isEdge && Math.Abs(dc) < ring)
                        {
                            dc = ring - 1;
                            continue;
                        }

                        Visit(a + da, b + db, c + dc, r, ref nearest, ref square);
                        visited++;
                    }
                }
            }

            if (visited > MostVisited)
                throw new InputException("the reference's box is so thin beside the distances between its sites that the nearest one " +
                    "cannot be found; give a reference of another box.");
        }
    }

    /// <summary>From a slab on, how far a ring reaches; beyond an open edge there is nothing.</summary>
    private (int Low, int High) Range(int axis, int slab, int ring) => _box.IsPeriodic(axis)
        ? (-ring, ring)
        : (Math.Max(-ring, -slab), Math.Min(ring, _counts[axis] - 1 - slab));

    /// <summary>Neighbors of a site closer than a cutoff, in an order that depends on the sites alone.</summary>
    /// <param name="site">index of the site</param>
    /// <param name="cutoff">Å</param>
    /// <param name="found">receives them</param>
    public void Within(int site, double cutoff, NativeBuffer<SiteNeighbor> found)
    {
        found.Resize(0);
        Vec3 r = _positions[_places[site]];
        Vec3 fraction = Wrap(r).Fraction;
        int a = Slab(0, fraction.X), b = Slab(1, fraction.Y), c = Slab(2, fraction.Z);
        int reachA = Reach(0, cutoff), reachB = Reach(1, cutoff), reachC = Reach(2, cutoff);
        for (int dc = -reachC; dc <= reachC; dc++)
        {
            for (int db = -reachB; db <= reachB; db++)
            {
                // Cells in a row hold their sites one after the other, as far as the box goes.
                for (int first = a - reachA, last; first <= a + reachA; first = last + 1)
                {
                    int boxes = (int)Math.Floor((double)first / _counts[0]);
                    last = Math.Min(a + reachA, (boxes + 1) * _counts[0] - 1);
                    if (!Locate(first, b + db, c + dc, out int cell, out Vec3 shift))
                        continue;
                    Collect(site, r - shift, shift == default, _starts[cell], _starts[cell + last - first + 1], cutoff * cutoff, found);
                }
            }
        }
    }

    public void Dispose()
    {
        _starts.Dispose();
        _sites.Dispose();
        _places.Dispose();
        _positions.Dispose();
    }

    private void Layout(ReadOnlySpan<Vec3> fractions, double width)
    {
        double volume = 1;
        Span<double> extents = stackalloc double[3];
        for (int axis = 0; axis < 3; axis++)
        {
            (double low, double high) = (double.PositiveInfinity, double.NegativeInfinity);
            foreach (Vec3 fraction in fractions)
                (low, high) = (Math.Min(low, fraction[axis]), Math.Max(high, fraction[axis]));
            bool isPeriodic = _box.IsPeriodic(axis);
            if (isPeriodic || !(high >= low))
                (low, high) = (0, 1);
            _lows[axis] = low;
            _scales[axis] = high - low;
            extents[axis] = Math.Max((high - low) / _rows[axis].Length, 1e-3);
            volume *= extents[axis];
        }

        double side = Math.Max(width, Math.Cbrt(2 * volume / Math.Max(1, fractions.Length)));
        long most = MostCellsPerSite * fractions.Length + 64;
        while (Cells(extents, side) > most)
            side *= 1.1;
        for (int axis = 0; axis < 3; axis++)
        {
            double extent = _scales[axis];
            _counts[axis] = Slabs(extents[axis], side);
            _widths[axis] = _counts[axis] == 1 && !_box.IsPeriodic(axis)
                ? double.PositiveInfinity
                : extent / _rows[axis].Length / _counts[axis];
            _scales[axis] = extent > 0 ? _counts[axis] / extent : 0;
        }

        static long Cells(ReadOnlySpan<double> extents, double side) =>
            (long)Slabs(extents[0], side) * Slabs(extents[1], side) * Slabs(extents[2], side);

        static int Slabs(double extent, double side) => (int)Math.Clamp(Math.Floor(extent / side), 1, 1 << 16);
    }

    private (Vec3 Position, Vec3 Fraction) Wrap(Vec3 r)
    {
        Vec3 d = r - _box.Origin;
        Vec3 f = new(Vec3.Dot(_rows[0], d), Vec3.Dot(_rows[1], d), Vec3.Dot(_rows[2], d));
        Vec3 cell = new(
            _box.PeriodicA ? Math.Floor(f.X) : 0, _box.PeriodicB ? Math.Floor(f.Y) : 0, _box.PeriodicC ? Math.Floor(f.Z) : 0);
        return cell == default ? (r, f) : (r - (_box.A * cell.X + _box.B * cell.Y + _box.C * cell.Z), f - cell);
    }

    private int Slab(int axis, double fraction) => (int)Math.Clamp((fraction - _lows[axis]) * _scales[axis], 0, _counts[axis] - 1);

    private int Cell(Vec3 f) => (Slab(2, f.Z) * _counts[1] + Slab(1, f.Y)) * _counts[0] + Slab(0, f.X);

    private int Reach(int axis, double cutoff)
    {
        double reach = Math.Ceiling(cutoff * (1 + Tie) / _widths[axis]);
        return _box.IsPeriodic(axis) ? (int)reach : (int)Math.Min(reach, _counts[axis]);
    }

    private void Visit(int a, int b, int c, Vec3 r, ref int nearest, ref double square)
    {
        if (!Locate(a, b, c, out int cell, out Vec3 shift))
            return;
        for (int place = _starts[cell]; place < _starts[cell + 1]; place++)
        {
            Vec3 d = _positions[place] + shift - r;
            double other = Vec3.Dot(d, d);
            if (other < square * (1 - Tie) || (other <= square * (1 + Tie) && _sites[place] < nearest))
                (nearest, square) = (_sites[place], Math.Min(square, other));
        }
    }

    /// <summary>Appends the sites of a run of places that are close to a point.</summary>
    private void Collect(int site, Vec3 r, bool isHome, int begin, int end, double square, NativeBuffer<SiteNeighbor> found)
    {
        long count = found.Length;
        found.Grow(count + end - begin);
        SiteNeighbor* to = found.Pointer;
        for (int place = begin; place < end; place++)
        {
            Vec3 d = _positions.Pointer[place] - r;
            if (Vec3.Dot(d, d) < square && !(isHome && _sites.Pointer[place] == site))
                to[count++] = new(_sites.Pointer[place], d);
        }

        found.Grow(count);
    }

    /// <summary>The cell of a place that may lie beyond the edges, and where its image is.</summary>
    private bool Locate(int a, int b, int c, out int cell, out Vec3 shift)
    {
        (cell, shift) = (0, default);
        if (!Fold(0, ref a, ref shift) || !Fold(1, ref b, ref shift) || !Fold(2, ref c, ref shift))
            return false;
        cell = (c * _counts[1] + b) * _counts[0] + a;
        return true;
    }

    private bool Fold(int axis, ref int slab, ref Vec3 shift)
    {
        int count = _counts[axis];
        if ((uint)slab < (uint)count)
            return true;
        if (!_box.IsPeriodic(axis))
            return false;
        int boxes = slab < 0 ? -((count - 1 - slab) / count) : slab / count;
        slab -= boxes * count;
        shift += _box[axis] * boxes;
        return true;
    }
}
