using Denoise.Atoms;
using Denoise.Atoms.Memory;

namespace Denoise.Parallel.Decomposition;

/// <summary>Decides, on the process that holds a frame, which process owns which atom. Buffers are reused.</summary>
internal sealed unsafe class AtomAssignment : IDisposable
{
    // Extent in Å that stands for "flat" where all atoms lie in one plane of an open direction.
    private const double SmallestExtent = 1e-6;

    private readonly NativeBuffer<double> _fractional = new();
    private readonly NativeBuffer<int> _owners = new();

    /// <summary>[count] atoms, grouped by owner, in the order of the frame within a group.</summary>
    public NativeBuffer<int> Order { get; } = new();

    /// <param name="starts">[processes + 1] first entry of each owner in <see cref="Order"/>, written</param>
    public void Assign(in FractionalFrame frame, BrickGrid grid, double* positions, int count, Span<long> starts)
    {
        _fractional.Resize(3L * count);
        _owners.Resize(count);
        Order.Resize(count);
        var (low, high) = Wrap(frame, positions, count);

        Span<bool> periodic = [frame.IsPeriodic(0), frame.IsPeriodic(1), frame.IsPeriodic(2)];
        Vec3 faces = frame.FaceDistances;
        Span<double> lengths = stackalloc double[3];
        for (int axis = 0; axis < 3; axis++)
            lengths[axis] = faces[axis] * (periodic[axis] ? 1 : Math.Max(high[axis] - low[axis], SmallestExtent));
        grid.Choose(starts.Length - 1, lengths, periodic);
        for (int axis = 0; axis < 3; axis++)
        {
            var (from, to) = periodic[axis] ? (0, 1) : (low[axis], high[axis]);
            grid.Balance(axis, _fractional.Pointer + axis, count, from, to, periodic[axis]);
        }

        Sort(grid, count, starts);
    }

    public void Dispose()
    {
        _fractional.Dispose();
        _owners.Dispose();
        Order.Dispose();
    }

    private (Vec3 Low, Vec3 High) Wrap(in FractionalFrame frame, double* positions, int count)
    {
        Span<double> low = [double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity];
        Span<double> high = [double.NegativeInfinity, double.NegativeInfinity, double.NegativeInfinity];
        for (long i = 0; i < count; i++)
        {
            Vec3 f = frame.ToFractional(new(positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]));
            f -= frame.CellsOutside(f);
            for (int axis = 0; axis < 3; axis++)
            {
                double value = _fractional[3 * i + axis] = f[axis];
                // Comparisons with not-a-number are false: such an atom is left to whoever works on it to report.
                if (value < low[axis])
                    low[axis] = value;
                if (value > high[axis])
                    high[axis] = value;
            }
        }

        return (new(low[0], low[1], low[2]), new(high[0], high[1], high[2]));
    }

    private void Sort(BrickGrid grid, int count, Span<long> starts)
    {
        starts.Clear();
        for (long i = 0; i < count; i++)
        {
            int owner = grid.Owner(_fractional[3 * i], _fractional[3 * i + 1], _fractional[3 * i + 2]);
            _owners[i] = owner;
            starts[owner + 1]++;
        }

        for (int rank = 1; rank < starts.Length; rank++)
            starts[rank] += starts[rank - 1];
        Span<long> next = stackalloc long[starts.Length];
        starts.CopyTo(next);
        for (int i = 0; i < count; i++)
            Order[next[_owners[i]]++] = i;
    }
}
