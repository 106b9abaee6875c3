using Denoise.Atoms.Memory;

namespace Denoise.Neighbors.Cells;

/// <summary>The sorted neighbors of one atom: parallel arrays, kept in order of squared distance, then of x, y, z.</summary>
internal sealed unsafe class NearestScratch : IDisposable
{
    private readonly NativeBuffer<double> _reals = new();
    private readonly NativeBuffer<int> _slots = new();

    private int _capacity;
    private double* _squares;
    private double* _x;
    private double* _y;
    private double* _z;
    private int* _order;

    public double* Squares => _squares;

    public double* X => _x;

    public double* Y => _y;

    public double* Z => _z;

    public int* Slots => _order;

    public long MemoryBytes => _reals.CapacityBytes + _slots.CapacityBytes;

    /// <summary>Makes room; loses the content where it has to grow.</summary>
    public void Reserve(int capacity)
    {
        if (capacity <= _capacity)
            return;
        _capacity = (capacity + 31) / 16 * 16;
        _reals.Resize(4L * _capacity);
        _slots.Resize(_capacity);
        _reals.Clear();
        _slots.Clear();
        _squares = _reals.Pointer;
        _x = _squares + _capacity;
        _y = _x + _capacity;
        _z = _y + _capacity;
        _order = _slots.Pointer;
    }

    /// <summary>Moves entry <paramref name="k"/> down to where it belongs; those before it are in order.</summary>
    public void Insert(int k)
    {
        double square = Squares[k], x = X[k], y = Y[k], z = Z[k];
        int slot = Slots[k];
        for (; k > 0 && Precedes(square, x, y, z, k - 1); k--)
        {
            Squares[k] = Squares[k - 1];
            X[k] = X[k - 1];
            Y[k] = Y[k - 1];
            Z[k] = Z[k - 1];
            Slots[k] = Slots[k - 1];
        }

        Squares[k] = square;
        X[k] = x;
        Y[k] = y;
        Z[k] = z;
        Slots[k] = slot;
    }

    /// <summary>
    /// Whether an atom comes before entry <paramref name="k"/>. Of equal distances the vectors decide, not the atoms' numbers, which are
    /// others on other ranks.
    /// </summary>
    public bool Precedes(double square, double x, double y, double z, int k) => square < Squares[k] || (square == Squares[k] &&
        (x != X[k] ? x < X[k] : y != Y[k] ? y < Y[k] : z < Z[k]));

    public void Dispose()
    {
        _reals.Dispose();
        _slots.Dispose();
    }
}
