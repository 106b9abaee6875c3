using System.Runtime.Intrinsics;
using Denoise.Atoms.Memory;

namespace Denoise.Neighbors.Cells;

/// <summary>
/// The slots of a cell and of the 26 around it, gathered into contiguous arrays so that every atom of the cell is tested against
/// them in full vectors. One per worker.
/// </summary>
internal sealed unsafe class CandidateBlock : IDisposable
{
    private readonly NativeBuffer<float> _coordinates = new();
    private readonly NativeBuffer<int> _labels = new();

    private float* _x;
    private float* _y;
    private float* _z;

    /// <summary>[Count, then infinite up to a multiple of 8] coordinates relative to the grid's center.</summary>
    public float* X => _x;

    public float* Y => _y;

    public float* Z => _z;

    /// <summary>[Count] what stands for each candidate: its atom or its slot.</summary>
    public int* Labels => _labels.Pointer;

    public int Count { get; private set; }

    /// <summary>Position, among the candidates, of the first slot of the cell itself.</summary>
    public int Home { get; private set; }

    public long MemoryBytes => _coordinates.CapacityBytes + _labels.CapacityBytes;

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
        int* starts = grid.Starts.Pointer;

        int total = 0;
        for (int layer = z0; layer <= z1; layer++)
        {
            for (int line = y0; line <= y1; line++)
            {
                long row = ((long)layer * grid.CountY + line) * grid.CountX;
                total += starts[row + x1 + 1] - starts[row + x0];
            }
        }

        Reserve(total + CellGrid.Padding);
        int count = 0;
        for (int layer = z0; layer <= z1; layer++)
        {
            for (int line = y0; line <= y1; line++)
            {
                long row = ((long)layer * grid.CountY + line) * grid.CountX;
                int begin = starts[row + x0], length = starts[row + x1 + 1] - begin;
                if (layer == z && line == y)
                    Home = count + starts[row + x] - begin;
                Copy(grid.X.Pointer + begin, X + count, length);
                Copy(grid.Y.Pointer + begin, Y + count, length);
                Copy(grid.Z.Pointer + begin, Z + count, length);
                if (slots)
                    Number(begin, Labels + count, length);
                else
                    Copy((float*)(grid.Atoms.Pointer + begin), (float*)(Labels + count), length);
                count += length;
            }
        }

        Count = count;
        // Infinitely far away: the last vector needs no mask.
        Vector256.Create(float.PositiveInfinity).Store(X + count);
        Vector256.Create(float.PositiveInfinity).Store(Y + count);
        Vector256.Create(float.PositiveInfinity).Store(Z + count);
        Vector256<int>.Zero.Store(Labels + count);
    }

    public void Dispose()
    {
        _coordinates.Dispose();
        _labels.Dispose();
    }

    private void Reserve(int capacity)
    {
        if (_labels.Length < capacity)
        {
            int roomy = (capacity + capacity / 2 + 31) / 16 * 16;
            _coordinates.Resize(3L * roomy);
            _labels.Resize(roomy);
            _x = _coordinates.Pointer;
            _y = _x + roomy;
            _z = _y + roomy;
        }
    }

    // Whole vectors: up to seven elements too many are read (the grid is padded) and overwritten by the next run.
    private static void Copy(float* from, float* to, int length)
    {
        for (int k = 0; k < length; k += Vector256<float>.Count)
            Vector256.Load(from + k).Store(to + k);
    }

    private static void Number(int first, int* to, int length)
    {
        Vector256<int> numbers = Vector256<int>.Indices + Vector256.Create(first);
        for (int k = 0; k < length; k += Vector256<int>.Count, numbers += Vector256.Create(Vector256<int>.Count))
            numbers.Store(to + k);
    }
}
