using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Neighbors.Cells;

namespace Denoise.Neighbors;

/// <summary>
/// The periodic images that matter, made explicit: wraps atoms into the box and surrounds it with a shell of ghosts, so that the
/// neighbors of every atom can be sought in open space. Directions that are not periodic are left as they are. Where the box is
/// thinner than the range an atom has several images, of itself too. The order of the ghosts depends on that of the atoms alone.
/// Reused from frame to frame without allocation; one call at a time.
/// </summary>
public sealed unsafe class GhostShell : IDisposable
{
    // Rounding in the fractional coordinates must not lose an image that lies at the range exactly; a few more never matter.
    private const double Margin = 1e-9;

    private const int Grain = 1 << 13;

    // Edges of the cells that atoms are sorted into, in mean spacings: about eight atoms in each.
    private const double CellSpacings = 2;

    // Per direction: atoms of fractional coordinate f have the images f + n, n integer, within [-_reach, 1 + _reach].
    private readonly double[] _reach = new double[3];

    private readonly Vec3[] _rows = new Vec3[3];
    private readonly NativeBuffer<long> _chunkStarts = new();
    private readonly WorkerPool _pool;
    private readonly WorkerPool.Body _wrap;
    private readonly WorkerPool.Body _unpack;
    private readonly WorkerPool.Body _count;
    private readonly WorkerPool.Body _fill;

    private Box _box = Box.Orthogonal(1, 1, 1, periodic: false);
    private CellGrid? _grid;

    /// <param name="pool">threads, borrowed; null: the caller's alone</param>
    public GhostShell(WorkerPool? pool = null)
    {
        _pool = pool ?? new(1);
        (_wrap, _unpack, _count, _fill) = (Wrap, Unpack, CountImages, Fill);
    }

    /// <summary>[count + GhostCount, 3] wrapped atoms, then ghosts, row-major, Å.</summary>
    public NativeBuffer<double> Positions { get; } = new();

    /// <summary>[GhostCount] the atom that each ghost is an image of. A ghost differs from its owner by a lattice vector.</summary>
    public NativeBuffer<int> Owners { get; } = new();

    /// <summary>Number of atoms of the last <see cref="Build"/>.</summary>
    public int LocalCount { get; private set; }

    public int GhostCount { get; private set; }

    /// <summary>Atoms and ghosts; valid until the next call.</summary>
    public ParticleView View => new(Positions.Pointer, LocalCount, GhostCount);

    /// <summary>Bytes of native memory held.</summary>
    public long MemoryBytes => Positions.CapacityBytes + Owners.CapacityBytes + _chunkStarts.CapacityBytes;

    /// <summary>Copies and wraps the atoms, then adds every image whose distance from the box, face by face, is within the range.</summary>
    /// <param name="positions">[count, 3] row-major, Å; may lie outside of the box</param>
    /// <param name="count">number of atoms</param>
    /// <param name="box">edges and periodicity; only its periodic directions matter</param>
    /// <param name="range">distance in Å up to which every neighbor of an atom must be present; infinite only in an open box</param>
    /// <exception cref="InputException">a periodic direction has no thickness, or the range needs too many images</exception>
    public void Build(double* positions, int count, Box box, double range)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Positions.Resize(3L * count);
        new ReadOnlySpan<double>(positions, 3 * count).CopyTo(new Span<double>(Positions.Pointer, 3 * count));
        Place(count, box);
        Extend(range);
    }

    /// <summary>
    /// Wraps the atoms that <see cref="Positions"/> holds and sorts them into cells, line by line and layer by layer: what is close
    /// in space is then close in memory, whatever order a simulation has left its atoms in. No images yet.
    /// </summary>
    /// <param name="count">number of atoms</param>
    /// <param name="box">as for <see cref="Build"/></param>
    /// <param name="grid">to sort with</param>
    /// <returns>[count] place before of the atom at each place; valid until the grid is used again</returns>
    public int* Arrange(int count, Box box, CellGrid grid)
    {
        Place(count, box);
        if (count == 0)
            return null;
        ParticleView atoms = new(Positions.Pointer, count, 0);
        grid.Measure(atoms);
        grid.Sort(CellSpacings * grid.Spacing());
        _grid = grid;
        _pool.Run(count, Grain, _unpack);
        _grid = null;
        return grid.Atoms.Pointer;
    }

    /// <summary>Replaces the images by those within a range of the box.</summary>
    /// <inheritdoc cref="Build"/>
    public void Extend(double range)
    {
        Count(range);
        Make();
    }

    /// <summary>How many images there are within a range; none is made before <see cref="Make"/>.</summary>
    /// <inheritdoc cref="Build"/>
    public long Count(double range)
    {
        if (!(range >= 0) || (_box.AnyPeriodic && double.IsInfinity(range)))
        {
            throw new ArgumentOutOfRangeException(nameof(range), range,
                "the range of the ghosts must not be negative, and finite where the box is periodic");
        }

        GhostCount = 0;
        Owners.Resize(0);
        if (!_box.AnyPeriodic || LocalCount == 0)
            return 0;
        SetReach(range);
        int chunks = (LocalCount + Grain - 1) / Grain;
        _chunkStarts.Resize(chunks);
        _pool.Run(LocalCount, Grain, _count);
        long ghosts = 0;
        for (int chunk = 0; chunk < chunks; chunk++)
            (_chunkStarts[chunk], ghosts) = (ghosts, ghosts + _chunkStarts[chunk]);
        if (ghosts + LocalCount > int.MaxValue / 3)
            throw TooMany(range);
        GhostCount = (int)ghosts;
        return ghosts;
    }

    /// <summary>Makes the images that were counted last.</summary>
    public void Make()
    {
        if (GhostCount == 0)
            return;
        Positions.Grow(3L * (LocalCount + GhostCount));
        Owners.Resize(GhostCount);
        _pool.Run(LocalCount, Grain, _fill);
    }

    public void Dispose()
    {
        Positions.Dispose();
        Owners.Dispose();
        _chunkStarts.Dispose();
    }

    private void Place(int count, Box box)
    {
        (_box, LocalCount, GhostCount) = (box, count, 0);
        Owners.Resize(0);
        if (!box.AnyPeriodic || count == 0)
            return;
        (_rows[0], _rows[1], _rows[2]) = box.Reciprocal;
        for (int axis = 0; axis < 3; axis++)
        {
            double thickness = 1 / _rows[axis].Length;
            if (box.IsPeriodic(axis) && !(thickness > 0 && double.IsFinite(thickness)))
                throw new InputException($"The box is periodic along {"ABC"[axis]} but has no thickness there: check its edge vectors.");
        }

        _pool.Run(count, Grain, _wrap);
    }

    private void SetReach(double range)
    {
        double images = 1;
        for (int axis = 0; axis < 3; axis++)
        {
            _reach[axis] = _box.IsPeriodic(axis) ? range * _rows[axis].Length + Margin : 0;
            images *= 1 + 2 * _reach[axis];
        }

        if (images * LocalCount > int.MaxValue / 2)
            throw TooMany(range);
    }

    private static InputException TooMany(double range) =>
        new($"Neighbors within {range:g6} Å need more periodic images than fit in memory: reduce the cutoff or check the box.");

    private void Wrap(int begin, int end, int worker)
    {
        double* r = Positions.Pointer + 3L * begin;
        for (int i = begin; i < end; i++, r += 3)
        {
            Vec3 position = new(r[0], r[1], r[2]);
            double a = CellsOutside(0, position), b = CellsOutside(1, position), c = CellsOutside(2, position);
            if (a == 0 && b == 0 && c == 0)
                continue;
            // As domains are wrapped, to the last bit.
            Vec3 wrapped = position - (_box.A * a + _box.B * b + _box.C * c);
            (r[0], r[1], r[2]) = (wrapped.X, wrapped.Y, wrapped.Z);
        }
    }

    private double CellsOutside(int axis, Vec3 position) =>
        _box.IsPeriodic(axis) ? Math.Floor(Vec3.Dot(_rows[axis], position - _box.Origin)) : 0;

    private void Unpack(int begin, int end, int worker)
    {
        double* r = Positions.Pointer + 3L * begin, row = _grid!.Rows.Pointer + 4L * begin;
        for (int i = begin; i < end; i++, r += 3, row += 4)
            (r[0], r[1], r[2]) = (row[0], row[1], row[2]);
    }

    private void CountImages(int begin, int end, int worker)
    {
        long ghosts = 0;
        for (int i = begin; i < end; i++)
        {
            Vec3 position = Position(i);
            long images = 1;
            for (int axis = 0; axis < 3; axis++)
            {
                (int first, int last) = Images(axis, position);
                images *= last - first + 1;
            }

            ghosts += images - 1;
        }

        _chunkStarts[begin / Grain] = ghosts;
    }

    private Vec3 Position(int i)
    {
        double* r = Positions.Pointer + 3L * i;
        return new(r[0], r[1], r[2]);
    }

    /// <summary>The multiples of one edge that bring a wrapped atom into the shell; 0 is the atom itself.</summary>
    private (int First, int Last) Images(int axis, Vec3 wrapped)
    {
        if (!_box.IsPeriodic(axis))
            return (0, 0);
        double fractional = Vec3.Dot(_rows[axis], wrapped - _box.Origin);
        // Not a number or absurdly large: no image, so that neither this loop nor the count runs away.
        if (!(Math.Abs(fractional) < 2))
            return (0, 0);
        int first = (int)Math.Ceiling(-_reach[axis] - fractional), last = (int)Math.Floor(1 + _reach[axis] - fractional);
        return (Math.Min(first, 0), Math.Max(last, 0));
    }

    private void Fill(int begin, int end, int worker)
    {
        long next = _chunkStarts[begin / Grain];
        double* ghost = Positions.Pointer + 3L * (LocalCount + next);
        int* owner = Owners.Pointer + next;
        for (int i = begin; i < end; i++)
        {
            Vec3 position = Position(i);
            (int a0, int a1) = Images(0, position);
            (int b0, int b1) = Images(1, position);
            (int c0, int c1) = Images(2, position);
            for (int c = c0; c <= c1; c++)
            {
                for (int b = b0; b <= b1; b++)
                {
                    for (int a = a0; a <= a1; a++)
                    {
                        if (a == 0 && b == 0 && c == 0)
                            continue;
                        Vec3 image = position + (_box.A * a + _box.B * b + _box.C * c);
                        (ghost[0], ghost[1], ghost[2]) = (image.X, image.Y, image.Z);
                        ghost += 3;
                        *owner++ = i;
                    }
                }
            }
        }
    }
}
