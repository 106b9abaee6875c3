using System.Numerics;
using Denoise.Atoms.Memory;

namespace Denoise.Networks.Engines.Fused;

/// <summary>
/// Sums over atoms as a fixed number of partial sums, added up in a fixed order: the result has the same bits for every number
/// of threads.
/// </summary>
internal sealed unsafe class ChunkSums : IDisposable
{
    /// <summary>Parts that a batch is cut into: the most threads that can work on it.</summary>
    public const int Chunks = 8;

    private readonly NativeBuffer<float> _values = new();

    /// <summary>Floats of a partial sum.</summary>
    public int Length { get; private set; }

    public long MemoryBytes => _values.CapacityBytes;

    /// <summary>Makes room while the engine is set up; returns where it lies.</summary>
    public int Reserve(int count)
    {
        int first = Length;
        // Partial sums of two threads must not share a cache line.
        Length += (count + 15) & ~15;
        return first;
    }

    public void Allocate() => _values.Resize((long)Chunks * Length);

    public float* Of(int chunk) => _values.Pointer + chunk * (nint)Length;

    public void Clear(int chunk) => new Span<float>(Of(chunk), Length).Clear();

    /// <summary>Adds all chunks to the first.</summary>
    public void Reduce() => Reduce(0, Length);

    public void Reduce(int first, int count)
    {
        float* total = Of(0) + first;
        int lanes = Vector<float>.Count;
        for (int k = 0; k < count; k += lanes)
        {
            int rest = Math.Min(lanes, count - k);
            if (rest == lanes)
            {
                Vector<float> sum = Vector.Load(total + k);
                for (int chunk = 1; chunk < Chunks; chunk++)
                    sum += Vector.Load(total + chunk * (nint)Length + k);
                Vector.Store(sum, total + k);
                continue;
            }

            for (int r = k; r < count; r++)
                for (int chunk = 1; chunk < Chunks; chunk++)
                    total[r] += total[chunk * (nint)Length + r];
        }
    }

    /// <summary>Items [begin, end) of a chunk.</summary>
    public static (int Begin, int End) Range(int chunk, int items) =>
        ((int)((long)items * chunk / Chunks), (int)((long)items * (chunk + 1) / Chunks));

    public void Dispose() => _values.Dispose();
}
