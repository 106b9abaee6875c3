using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Denoise.Atoms.Memory;

namespace Denoise.Neighbors.Cells;

/// <summary>
/// The slots of a cell and of those around it, gathered into contiguous arrays so that every atom of the cell is tested against
/// them in full vectors. One per worker.
/// </summary>
internal sealed unsafe class CandidateBlock : IDisposable
{
    private readonly NativeBuffer<float> _memory = new();

    private float* _x;
    private float* _y;
    private float* _z;
    private int* _labels;
    private int _capacity;

    /// <summary>[Count, then infinite up to a multiple of 16] coordinates relative to the grid's center.</summary>
    public float* X => _x;

    public float* Y => _y;

    public float* Z => _z;

    /// <summary>[Count] what stands for each candidate: its atom or its slot.</summary>
    public int* Labels => _labels;

    public int Count { get; private set; }

    /// <summary>Position, among the candidates, of the first slot of the cell itself.</summary>
    public int Home { get; private set; }

    public long MemoryBytes => _memory.CapacityBytes;

    /// <summary>Gathers around cell (x, y, z).</summary>
    /// <param name="grid">sorted atoms</param>
    /// <param name="x">column of the cell</param>
    /// <param name="y">line of the cell</param>
    /// <param name="z">layer of the cell</param>
    /// <param name="slots">label the candidates with their slots instead of their atoms</param>
    public void Gather(CellGrid grid, int x, int y, int z, bool slots)
    {
        int x0 = Math.Max(x - 1, 0), x1 = Math.Min(x + 1, grid.CountX - 1);
        int y0 = Math.Max(y - 1, 0), y1 = Math.Min(y + 1, grid.CountY - 1);
        int z0 = Math.Max(z - 1, 0), z1 = Math.Min(z + 1, grid.CountZ - 1);
        int count = 0;
        for (int layer = z0; layer <= z1; layer++)
        {
            for (int line = y0; line <= y1; line++)
            {
                int* starts = grid.Starts.Pointer + ((long)layer * grid.CountY + line) * grid.CountX;
                int begin = starts[x0], length = starts[x1 + 1] - begin;
                if (layer == z && line == y)
                    Home = count + starts[x] - begin;
                if (_capacity < count + length + CellGrid.Padding)
                    Reserve(count, count + length + CellGrid.Padding);
                Copy(grid, begin, count, length, slots);
                count += length;
            }
        }

        Count = count;
        Pad();
    }

    /// <summary>
    /// Gathers the cell and those behind it in the order of the cells, half of the cells around it: first the cell itself.
    /// </summary>
    /// <param name="grid">sorted atoms</param>
    /// <param name="x">column of the cell</param>
    /// <param name="y">line of the cell</param>
    /// <param name="z">layer of the cell</param>
    public void GatherBehind(CellGrid grid, int x, int y, int z)
    {
        int before = Math.Max(x - 1, 0), after = Math.Min(x + 1, grid.CountX - 1);
        (Count, Home) = (0, 0);
        Append(grid, x, after, y, z);
        if (y + 1 < grid.CountY)
            Append(grid, before, after, y + 1, z);
        if (z + 1 < grid.CountZ)
            for (int line = Math.Max(y - 1, 0); line <= Math.Min(y + 1, grid.CountY - 1); line++)
                Append(grid, before, after, line, z + 1);
        Pad();
    }

    public void Dispose() => _memory.Dispose();

    private void Append(CellGrid grid, int first, int last, int y, int z)
    {
        int* starts = grid.Starts.Pointer + ((long)z * grid.CountY + y) * grid.CountX;
        int begin = starts[first], length = starts[last + 1] - begin;
        if (_capacity < Count + length + CellGrid.Padding)
            Reserve(Count, Count + length + CellGrid.Padding);
        Copy(grid, begin, Count, length, slots: true);
        Count += length;
    }

    /// <summary>Infinitely far away: the last vector needs no mask.</summary>
    private void Pad()
    {
        if (_capacity == 0)
            Reserve(0, CellGrid.Padding);
        for (int pad = Count; pad < Count + CellGrid.Padding; pad += 8)
        {
            Vector256<float> away = Vector256.Create(float.PositiveInfinity);
            away.Store(_x + pad);
            away.Store(_y + pad);
            away.Store(_z + pad);
            Vector256<int>.Zero.Store(_labels + pad);
        }
    }

    private void Reserve(int used, int needed)
    {
        int capacity = (needed + needed / 2 + 31) / 16 * 16, former = _capacity;
        _memory.Grow(4L * capacity);
        // The arrays lie one after the other: the last ones move first.
        float* memory = _memory.Pointer;
        for (int array = 3; array > 0; array--)
            new Span<float>(memory + (long)array * former, used).CopyTo(new Span<float>(memory + (long)array * capacity, used));
        _capacity = capacity;
        _x = memory;
        _y = memory + capacity;
        _z = memory + 2L * capacity;
        _labels = (int*)(memory + 3L * capacity);
    }

    // Whole vectors: up to seven elements too many are read (the grid is padded) and overwritten by the next run.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Copy(CellGrid grid, int begin, int count, int length, bool slots)
    {
        float* xs = grid.X.Pointer + begin, ys = grid.Y.Pointer + begin, zs = grid.Z.Pointer + begin;
        int* atoms = grid.Atoms.Pointer + begin;
        float* x = _x + count, y = _y + count, z = _z + count;
        int* labels = _labels + count;
        for (int k = 0; k < length; k += 8)
        {
            Vector256.Load(xs + k).Store(x + k);
            Vector256.Load(ys + k).Store(y + k);
            Vector256.Load(zs + k).Store(z + k);
            (slots ? Vector256<int>.Indices + Vector256.Create(begin + k) : Vector256.Load(atoms + k)).Store(labels + k);
        }
    }
}
