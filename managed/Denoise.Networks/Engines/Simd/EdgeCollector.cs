using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Denoise.Atoms.Memory;
using Denoise.Neighbors;
using Denoise.Networks.Engines.Simd.Kernels;
using Denoise.Networks.Engines.Simd.Radial;
using Denoise.Networks.Engines.Simd.Tiles;

namespace Denoise.Networks.Engines.Simd;

/// <summary>
/// Turns an atom's row of the neighbor list into batches of edges shorter than the cutoff. The vector of an edge points from the
/// neighbor to the atom, r_i - r_j: a difference of doubles, rounded. Belongs to one thread and stays in the first-level cache.
/// </summary>
internal sealed unsafe class EdgeCollector : IDisposable
{
    private const int CacheLine = 64;

    private readonly NativeBuffer<float> _differences = new();
    private readonly NativeBuffer<float> _records = new();

    private int* _neighbors;
    private int _candidates;
    private int _next;

    /// <param name="weights">largest number of radial weights of an edge</param>
    public EdgeCollector(int weights)
    {
        _records.Resize((EdgeBatch.Capacity + 4L) * (EdgeBatch.Weights + weights));
        _records.Clear();
    }

    public long MemoryBytes => _differences.CapacityBytes + _records.CapacityBytes;

    /// <summary>Makes room for the longest row of a list.</summary>
    public void Resize(int largestRow)
    {
        _differences.Resize(4L * (largestRow + 8));
        _differences.Clear();
    }

    /// <summary>Begins with atom <paramref name="i"/>: the differences to all listed neighbors, as (x, y, z, 0).</summary>
    public void Begin(double* positions, int i, NeighborRow row)
    {
        int* neighbors = row.Indices;
        int candidates = row.Count;
        (_candidates, _next) = (candidates, 0);
        _neighbors = neighbors;
        Vector256<double> center = Load(positions + 3 * (nint)i);
        float* difference = _differences.Pointer;
        for (int k = 0; k < candidates; k++, difference += 4)
        {
            Vector256<double> d = center - Load(positions + 3 * (nint)neighbors[k]);
            (Avx.IsSupported ? Avx.ConvertToVector128Single(d) : Vector128.Narrow(d.GetLower(), d.GetUpper())).Store(difference);
        }
    }

    /// <summary>Fills the next batch with all but its weights; false if no edge is left.</summary>
    /// <param name="batch">receives it</param>
    /// <param name="cutoffSquared">Å^2</param>
    /// <param name="table">of the radial weights</param>
    /// <param name="features">rows of the neighbors' features</param>
    [SkipLocalsInit]
    public bool Next(EdgeBatch* batch, float cutoffSquared, RadialTable table, FeatureRows features)
    {
        Vector256<float> offset = Vector256.Create(table.Offset), scale = Vector256.Create(table.IntervalsPerUnit);
        Vector256<int> last = Vector256.Create(table.Intervals - 1);
        nint stride = EdgeBatch.Weights + table.Width;
        int lines = features.LinesToFetch;
        float* inverses = stackalloc float[8], fractions = stackalloc float[8];
        int* intervals = stackalloc int[8];
        int count = 0, k = _next, candidates = _candidates;
        float* record = _records.Pointer, differences = _differences.Pointer + 4 * k;
        for (; k < candidates && count <= EdgeBatch.Capacity - 8; k += 8)
        {
            Vector256<float> squared = LengthsSquared(differences);
            Vector256<float> length = Vector256.Sqrt(squared);
            // Two atoms in one place have no direction: e3nn's harmonics of degree above 0 are then zero.
            Vector256.Store(Vector256<float>.One / Vector256.MaxNative(length, Vector256.Create(1e-12f)), inverses);
            Vector256<float> place = scale * length / (length + offset);
            Vector256<int> interval = Vector256.Min(Vector256.ConvertToInt32Native(place), last);
            Vector256.Store(interval, intervals);
            Vector256.Store(place - Vector256.ConvertToSingle(interval), fractions);

            uint isEdge = Vector256.LessThan(squared, Vector256.Create(cutoffSquared)).ExtractMostSignificantBits();
            int* neighbors = _neighbors + k;
            int lanes = Math.Min(8, candidates - k);
            for (int lane = 0; lane < lanes; lane++, differences += 4, isEdge >>= 1)
            {
                // Written in any case and kept by counting: no branch to mispredict.
                float* row = features[neighbors[lane]];
                Prefetch(row, lines);
                *(float**)record = row;
                *(int*)(record + EdgeBatch.Interval) = intervals[lane];
                (Vector128.Load(differences) * inverses[lane]).Store(record + EdgeBatch.Direction);
                Basis(fractions[lane]).Store(record + EdgeBatch.Basis);
                int step = (int)(isEdge & 1);
                count += step;
                record += step * stride;
            }
        }

        _next = k;
        batch->Count = count;
        batch->Records = _records.Pointer;
        batch->Stride = stride;
        // What pads the last vector must be finite, because its weights are zero.
        for (int n = count; (n & 3) != 0; n++, record += stride)
        {
            *(float**)record = *(float**)_records.Pointer;
            Vector128<float>.Zero.Store(record + EdgeBatch.Direction);
        }

        return count > 0;
    }

    public void Dispose()
    {
        _differences.Dispose();
        _records.Dispose();
    }

    /// <summary>(x, y, z, 0), reading no further than z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Load(double* r) => Vector256.Create(Vector128.Load(r), Vector128.CreateScalar(r[2]));

    /// <summary>The four cubic B-splines of an interval, see <see cref="RadialTable"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Basis(float fraction)
    {
        Vector128<float> t = Vector128.Create(fraction);
        Vector128<float> b = Vector128.Create(-1 / 6f, 1 / 2f, -1 / 2f, 1 / 6f);
        b = Vector128.FusedMultiplyAdd(b, t, Vector128.Create(1 / 2f, -1, 1 / 2f, 0));
        b = Vector128.FusedMultiplyAdd(b, t, Vector128.Create(-1 / 2f, 0, 1 / 2f, 0));
        return Vector128.FusedMultiplyAdd(b, t, Vector128.Create(1 / 6f, 2 / 3f, 1 / 6f, 0));
    }

    /// <summary>The row is read after the radial weights of the batch: time enough to fetch it from wherever it is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(float* row, int lines)
    {
        if (Sse.IsSupported)
            for (int line = 0; line < lines; line++)
                Sse.Prefetch0((byte*)row + line * CacheLine);
    }

    /// <summary>Of eight differences.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> LengthsSquared(float* d)
    {
        if (!Avx2.IsSupported)
        {
            float* squared = stackalloc float[8];
            for (int k = 0; k < 8; k++)
                squared[k] = Vector128.Dot(Vector128.Load(d + 4 * k), Vector128.Load(d + 4 * k));
            return Vector256.Load(squared);
        }

        Vector256<float> a = Vector256.Load(d), b = Vector256.Load(d + 8), c = Vector256.Load(d + 16), e = Vector256.Load(d + 24);
        // Sums of neighboring lanes, twice, leave even candidates in the lower half and odd ones in the upper.
        Vector256<float> sums = Avx.HorizontalAdd(Avx.HorizontalAdd(a * a, b * b), Avx.HorizontalAdd(c * c, e * e));
        return Avx2.PermuteVar8x32(sums, Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7));
    }
}
