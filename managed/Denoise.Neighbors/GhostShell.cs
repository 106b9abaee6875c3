using Denoise.Atoms;
using Denoise.Atoms.Memory;

namespace Denoise.Neighbors;

/// <summary>
/// The periodic images that matter, made explicit: wraps atoms into the box and surrounds it with a shell of ghosts, so that the
/// neighbors of every atom can be sought in open space. Directions that are not periodic are left as they are. Where the box is
/// thinner than the range an atom has several images, of itself too. Reused from frame to frame without allocation.
/// </summary>
public sealed unsafe class GhostShell : IDisposable
{
    // Rounding in the fractional coordinates must not lose an image that lies at the range exactly; a few more never matter.
    private const double Margin = 1e-9;

    // Per direction: atoms of fractional coordinate f have the images f + n, n integer, within [-_reach, 1 + _reach].
    private readonly double[] _reach = new double[3];

    private readonly Vec3[] _rows = new Vec3[3];

    /// <summary>[count + GhostCount, 3] wrapped atoms, then ghosts, row-major, Å.</summary>
    public NativeBuffer<double> Positions { get; } = new();

    /// <summary>[GhostCount] the atom that each ghost is an image of. A ghost differs from its owner by a lattice vector.</summary>
    public NativeBuffer<int> Owners { get; } = new();

    /// <summary>Number of atoms of the last <see cref="Build"/>.</summary>
    public int LocalCount { get; private set; }

    public int GhostCount { get; private set; }

    /// <summary>Atoms and ghosts; valid until the next <see cref="Build"/>.</summary>
    public ParticleView View => new(Positions.Pointer, LocalCount, GhostCount);

    /// <summary>Bytes of native memory held.</summary>
    public long MemoryBytes => Positions.CapacityBytes + Owners.CapacityBytes;

    /// <summary>Copies and wraps the atoms, then adds every image whose distance from the box, face by face, is within the range.</summary>
    /// <param name="positions">[count, 3] row-major, Å; may lie outside of the box</param>
    /// <param name="count">number of atoms</param>
    /// <param name="box">edges and periodicity; only its periodic directions matter</param>
    /// <param name="range">distance in Å up to which every neighbor of an atom must be present; infinite only in an open box</param>
    /// <exception cref="InputException">a periodic direction has no thickness, or the range needs too many images</exception>
    public void Build(double* positions, int count, Box box, double range)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (!(range >= 0) || (box.AnyPeriodic && double.IsInfinity(range)))
        {
            throw new ArgumentOutOfRangeException(nameof(range), range,
                "the range of the ghosts must not be negative, and finite where the box is periodic");
        }

        LocalCount = count;
        GhostCount = 0;
        Positions.Resize(3L * count);
        Owners.Resize(0);
        new ReadOnlySpan<double>(positions, 3 * count).CopyTo(new Span<double>(Positions.Pointer, 3 * count));
        if (!box.AnyPeriodic || count == 0)
            return;

        Prepare(box, range, count);
        long ghosts = WrapAndCount(box);
        if (ghosts + count > int.MaxValue / 3)
            throw TooMany(range);
        GhostCount = (int)ghosts;
        Positions.Grow(3 * (count + ghosts));
        Owners.Resize(ghosts);
        Fill(box);
    }

    public void Dispose()
    {
        Positions.Dispose();
        Owners.Dispose();
    }

    private void Prepare(Box box, double range, int count)
    {
        (_rows[0], _rows[1], _rows[2]) = box.Reciprocal;
        double images = 1;
        for (int axis = 0; axis < 3; axis++)
        {
            double thickness = 1 / _rows[axis].Length;
            if (box.IsPeriodic(axis) && !(thickness > 0 && double.IsFinite(thickness)))
                throw new InputException($"The box is periodic along {"ABC"[axis]} but has no thickness there: check its edge vectors.");
            _reach[axis] = box.IsPeriodic(axis) ? range / thickness + Margin : 0;
            images *= 1 + 2 * _reach[axis];
        }

        if (images * count > int.MaxValue / 2)
            throw TooMany(range);
    }

    private static InputException TooMany(double range) =>
        new($"Neighbors within {range:g6} Å need more periodic images than fit in memory: reduce the cutoff or check the box.");

    private long WrapAndCount(Box box)
    {
        long ghosts = 0;
        double* r = Positions.Pointer;
        for (int i = 0; i < LocalCount; i++, r += 3)
        {
            long images = 1;
            Vec3 position = new(r[0], r[1], r[2]), wrapped = position;
            for (int axis = 0; axis < 3; axis++)
            {
                if (!box.IsPeriodic(axis))
                    continue;
                double fractional = Vec3.Dot(_rows[axis], position - box.Origin);
                double cell = Math.Floor(fractional);
                if (cell != 0)
                    wrapped -= box[axis] * cell;
            }

            if (wrapped != position)
                (r[0], r[1], r[2]) = (wrapped.X, wrapped.Y, wrapped.Z);
            for (int axis = 0; axis < 3; axis++)
            {
                (int first, int last) = Images(box, axis, wrapped);
                images *= last - first + 1;
            }

            ghosts += images - 1;
        }

        return ghosts;
    }

    /// <summary>The multiples of one edge that bring a wrapped atom into the shell; 0 is the atom itself.</summary>
    private (int First, int Last) Images(Box box, int axis, Vec3 wrapped)
    {
        if (!box.IsPeriodic(axis))
            return (0, 0);
        double fractional = Vec3.Dot(_rows[axis], wrapped - box.Origin);
        // Not a number or absurdly large: no image, so that neither this loop nor the count runs away.
        if (!(Math.Abs(fractional) < 2))
            return (0, 0);
        int first = (int)Math.Ceiling(-_reach[axis] - fractional), last = (int)Math.Floor(1 + _reach[axis] - fractional);
        return (Math.Min(first, 0), Math.Max(last, 0));
    }

    private void Fill(Box box)
    {
        double* ghost = Positions.Pointer + 3L * LocalCount;
        int* owner = Owners.Pointer;
        for (int i = 0; i < LocalCount; i++)
        {
            double* r = Positions.Pointer + 3L * i;
            Vec3 position = new(r[0], r[1], r[2]);
            (int a0, int a1) = Images(box, 0, position);
            (int b0, int b1) = Images(box, 1, position);
            (int c0, int c1) = Images(box, 2, position);
            for (int c = c0; c <= c1; c++)
            {
                for (int b = b0; b <= b1; b++)
                {
                    for (int a = a0; a <= a1; a++)
                    {
                        if (a == 0 && b == 0 && c == 0)
                            continue;
                        Vec3 image = position + (box.A * a + box.B * b + box.C * c);
                        (ghost[0], ghost[1], ghost[2]) = (image.X, image.Y, image.Z);
                        ghost += 3;
                        *owner++ = i;
                    }
                }
            }
        }
    }
}
