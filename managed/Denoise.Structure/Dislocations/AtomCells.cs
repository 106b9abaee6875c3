using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Neighbors;

namespace Denoise.Structure.Dislocations;

/// <summary>
/// Owned and ghost atoms in cubic cells, for the few whose wider surroundings are wanted. Cells are counted only as far as there are
/// four per atom; what lies outside is in those at the edge. Reused without allocation; searches may run on several threads.
/// </summary>
internal sealed unsafe class AtomCells : IDisposable
{
    private static readonly Comparison<NearAtom> ByVector = (a, b) =>
    {
        int order = a.Vector.Z.CompareTo(b.Vector.Z);
        if (order == 0)
            order = a.Vector.Y.CompareTo(b.Vector.Y);
        return order == 0 ? a.Vector.X.CompareTo(b.Vector.X) : order;
    };

    private readonly NativeBuffer<int> _starts = new();
    private readonly NativeBuffer<int> _atoms = new();
    private readonly NativeBuffer<int> _cellOf = new();
    private readonly int[] _counts = new int[3];

    private ParticleView _particles;
    private Vec3 _low;
    private double _side = 1;

    /// <summary>Whether what is found is in an order that vectors alone decide: see CellGrid.OrdersRows.</summary>
    public bool IsOrdered { get; set; }

    /// <summary>Sorts the atoms into cells of at least a side, Å.</summary>
    public void Build(ParticleView particles, double side)
    {
        _particles = particles;
        int count = particles.Count;
        Vec3 low = default, high = default;
        for (int i = 0; i < count; i++)
        {
            Vec3 at = At(i);
            if (!double.IsFinite(Vec3.Dot(at, at)))
                continue;
            bool isFirst = low == high && low == default;
            low = isFirst ? at : new(Math.Min(low.X, at.X), Math.Min(low.Y, at.Y), Math.Min(low.Z, at.Z));
            high = isFirst ? at : new(Math.Max(high.X, at.X), Math.Max(high.Y, at.Y), Math.Max(high.Z, at.Z));
        }

        (_low, _side) = (low, side);
        Vec3 extent = high - low;
        while (Cells(extent, _side) > 4.0 * count + 64)
            _side *= 1.2;
        for (int axis = 0; axis < 3; axis++)
            _counts[axis] = 1 + (int)(extent[axis] / _side);
        long cells = (long)_counts[0] * _counts[1] * _counts[2];
        _starts.Resize(cells + 1);
        _starts.Clear();
        _atoms.Resize(count);
        _cellOf.Resize(count);
        for (int i = 0; i < count; i++)
        {
            Vec3 at = At(i);
            int cell = (Slab(2, at.Z) * _counts[1] + Slab(1, at.Y)) * _counts[0] + Slab(0, at.X);
            _cellOf[i] = cell;
            _starts[cell + 1L]++;
        }

        for (long cell = 0; cell < cells; cell++)
            _starts[cell + 1] += _starts[cell];
        for (int i = count - 1; i >= 0; i--)
            _atoms[--_starts[_cellOf[i] + 1L]] = i;
        // Every start of the next cell was counted down to this cell's.
        for (long cell = 0; cell < cells; cell++)
            _starts[cell] = _starts[cell + 1];
        _starts[cells] = count;
    }

    /// <summary>Atoms within a radius of a point, one that lies there included.</summary>
    public void Within(Vec3 point, double radius, NativeBuffer<NearAtom> found)
    {
        found.Resize(0);
        int x0 = Slab(0, point.X - radius), x1 = Slab(0, point.X + radius);
        for (int z = Slab(2, point.Z - radius); z <= Slab(2, point.Z + radius); z++)
        {
            for (int y = Slab(1, point.Y - radius); y <= Slab(1, point.Y + radius); y++)
            {
                long line = ((long)z * _counts[1] + y) * _counts[0];
                int begin = _starts[line + x0], end = _starts[line + x1 + 1];
                long count = found.Length;
                found.Grow(count + end - begin);
                for (int slot = begin; slot < end; slot++)
                {
                    Vec3 d = At(_atoms[slot]) - point;
                    if (Vec3.Dot(d, d) <= radius * radius)
                        found[count++] = new(_atoms[slot], d);
                }

                found.Grow(count);
            }
        }

        if (IsOrdered)
            found.Span.Sort(ByVector);
    }

    public Vec3 At(int atom)
    {
        double* r = _particles.Positions + 3L * atom;
        return new(r[0], r[1], r[2]);
    }

    public void Dispose()
    {
        _starts.Dispose();
        _atoms.Dispose();
        _cellOf.Dispose();
    }

    private static double Cells(Vec3 extent, double side) =>
        (1 + Math.Floor(extent.X / side)) * (1 + Math.Floor(extent.Y / side)) * (1 + Math.Floor(extent.Z / side));

    private int Slab(int axis, double coordinate)
    {
        double slab = (coordinate - _low[axis]) / _side;
        // What is no number is in the first cell.
        return slab > 0 ? (int)Math.Min(slab, _counts[axis] - 1) : 0;
    }
}
