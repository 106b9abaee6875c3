using Denoise.Atoms.Memory;

namespace Denoise.Neighbors.Cells;

/// <summary>Neighbors of one atom while they are found and sorted: parallel arrays of one capacity.</summary>
internal sealed unsafe class NearestScratch : IDisposable
{
    private readonly NativeBuffer<double> _reals = new();
    private readonly NativeBuffer<int> _integers = new();

    public NearestScratch(int capacity) => Reserve(capacity);

    public int Capacity { get; private set; }

    public double* Squares => _reals.Pointer;

    public double* X => _reals.Pointer + Capacity;

    public double* Y => _reals.Pointer + 2L * Capacity;

    public double* Z => _reals.Pointer + 3L * Capacity;

    /// <summary>Ranks while sorting, bit patterns of 64-bit integers.</summary>
    public long* Ranks => (long*)(_reals.Pointer + 4L * Capacity);

    public int* Indices => _integers.Pointer;

    public long MemoryBytes => _reals.CapacityBytes + _integers.CapacityBytes;

    /// <summary>Makes room; loses the content.</summary>
    public void Reserve(int capacity)
    {
        if (capacity <= Capacity)
            return;
        Capacity = (capacity + 31) / 16 * 16;
        _reals.Resize(5L * Capacity);
        _integers.Resize(Capacity);
        _reals.Clear();
        _integers.Clear();
    }

    public void Dispose()
    {
        _reals.Dispose();
        _integers.Dispose();
    }
}
