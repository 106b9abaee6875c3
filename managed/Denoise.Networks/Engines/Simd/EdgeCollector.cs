using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Denoise.Atoms.Memory;
using Denoise.Neighbors;
using Denoise.Neighbors.Cells;
using Denoise.Networks.Engines.Simd.Kernels;
using Denoise.Networks.Engines.Simd.Radial;
using Denoise.Networks.Engines.Simd.Tiles;

namespace Denoise.Networks.Engines.Simd;

/// <summary>
/// Turns an atom's row of the neighbor list into batches of edges shorter than the cutoff, eight candidates at a time. The vector
/// of an edge points from the neighbor to the atom, r_i - r_j: a difference of doubles, rounded. Belongs to one thread and stays in
/// the first-level cache.
/// </summary>
internal sealed unsafe class EdgeCollector : IDisposable
{
    private const int Lanes = 8;

    // Per edge three floats of direction, three of the basis, a place in the table, and the neighbor's index and row.
    private const int Columns = 3 + 3 + 1 + 1 + 2;

    private readonly NativeBuffer<float> _columns = new(Columns * EdgeBatch.Capacity);

    private Vector256<double> _center;
    private double* _positions;
    private int* _next;
    private int* _end;

    public EdgeCollector() => _columns.Clear();

    public long MemoryBytes => _columns.CapacityBytes;

    private float* Directions => _columns.Pointer;

    private float* Basis => _columns.Pointer + 3 * EdgeBatch.Capacity;

    private int* Offsets => (int*)_columns.Pointer + 6 * EdgeBatch.Capacity;

    private int* Neighbors => (int*)_columns.Pointer + 7 * EdgeBatch.Capacity;

    private float** Rows => (float**)(_columns.Pointer + 8 * EdgeBatch.Capacity);

    /// <summary>Begins with atom <paramref name="i"/> and its row of the list.</summary>
    public void Begin(double* positions, int i, NeighborRow row)
    {
        _positions = positions;
        _next = row.Indices;
        _end = _next + row.Count;
        _center = Load(positions, i);
    }

    /// <summary>Fills the next batch; false if no edge is left.</summary>
    /// <param name="batch">receives it</param>
    /// <param name="cutoffSquared">Å^2</param>
    /// <param name="table">of the radial weights</param>
    /// <param name="features">rows of the neighbors' features</param>
    [SkipLocalsInit]
    public bool Next(EdgeBatch* batch, float cutoffSquared, RadialTable table, in FeatureRows features)
    {
        Vector256<float> offset = Vector256.Create(table.Offset), scale = Vector256.Create(table.IntervalsPerUnit);
        Vector256<int> last = Vector256.Create(table.Intervals - 1), width = Vector256.Create(table.Width);
        Vector256<float> square = Vector256.Create(cutoffSquared);
        float* directions = Directions, fractions = Basis;
        int* padded = stackalloc int[Lanes], offsets = Offsets, found = Neighbors, next = _next;
        int count = 0;
        for (; next < _end && count <= EdgeBatch.Capacity - Lanes; next += Lanes)
        {
            int lanes = (int)Math.Min(_end - next, Lanes);
            int* neighbors = lanes < Lanes ? Pad(next, lanes, padded) : next;
            Differences(neighbors, out Vector256<float> x, out Vector256<float> y, out Vector256<float> z);
            Vector256<float> squared = Vector256.FusedMultiplyAdd(x, x, Vector256.FusedMultiplyAdd(y, y, z * z));
            uint isEdge = Vector256.LessThan(squared, square).ExtractMostSignificantBits() & ((1u << lanes) - 1);
            Vector256<float> length = Vector256.Sqrt(squared);
            // Two atoms in one place have no direction: e3nn's harmonics of degree above 0 are then zero.
            Vector256<float> inverse = Vector256<float>.One / Vector256.MaxNative(length, Vector256.Create(1e-12f));
            Vector256<float> place = scale * length / (length + offset);
            Vector256<int> interval = Vector256.Min(Vector256.ConvertToInt32Native(place), last);
            Vector256<float> fraction = place - Vector256.ConvertToSingle(interval);

            LaneCompaction.Store(interval * width, fraction.AsInt32(), isEdge, offsets + count, (int*)fractions + count);
            LaneCompaction.Store((x * inverse).AsInt32(), (y * inverse).AsInt32(), isEdge,
                (int*)directions + count, (int*)directions + EdgeBatch.Next + count);
            count += LaneCompaction.Store((z * inverse).AsInt32(), Vector256.Load(neighbors), isEdge,
                (int*)directions + 2 * EdgeBatch.Next + count, found + count);
        }

        for (int n = 0; n < count; n += Lanes)
            StoreBasis(Vector256.Load(fractions + n), fractions + n);
        _next = next;
        float** rows = Rows;
        features.Find(found, count, rows);

        // What pads the last vector must be finite, because its basis is zero.
        for (int n = count; (n & 3) != 0; n++)
        {
            rows[n] = rows[0];
            offsets[n] = 0;
            fractions[n] = fractions[EdgeBatch.NextBasis + n] = fractions[2 * EdgeBatch.NextBasis + n] = 0;
            directions[n] = directions[EdgeBatch.Next + n] = directions[2 * EdgeBatch.Next + n] = 0;
        }

        *batch = new()
        {
            Count = count,
            Rows = rows,
            Directions = directions,
            Table = table.Rows,
            TableWidth = table.Width,
            Offsets = offsets,
            Basis = fractions,
        };
        return count > 0;
    }

    public void Dispose() => _columns.Dispose();

    /// <summary>The last few candidates and others that do no harm: there is always an atom 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int* Pad(int* candidates, int count, int* padded)
    {
        if (Avx2.IsSupported)
        {
            Vector256<int> isCandidate = Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count));
            Avx2.MaskLoad(candidates, isCandidate).Store(padded);
        }
        else
            for (int lane = 0; lane < Lanes; lane++)
                padded[lane] = lane < count ? candidates[lane] : 0;
        return padded;
    }

    /// <summary>(x, y, z, 0), reading no further than z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Load(double* positions, int i)
    {
        double* r = positions + 3 * (nint)i;
        return Vector256.Create(Vector128.Load(r), Vector128.CreateScalar(r[2]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<float> Difference(int j)
    {
        Vector256<double> d = _center - Load(_positions, j);
        return Avx.IsSupported ? Avx.ConvertToVector128Single(d) : Vector128.Narrow(d.GetLower(), d.GetUpper());
    }

    /// <summary>To eight neighbors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Differences(int* j, out Vector256<float> x, out Vector256<float> y, out Vector256<float> z)
    {
        if (!Avx.IsSupported)
        {
            float* columns = stackalloc float[3 * Lanes];
            for (int lane = 0; lane < Lanes; lane++)
            {
                Vector128<float> difference = Difference(j[lane]);
                for (int axis = 0; axis < 3; axis++)
                    columns[axis * Lanes + lane] = difference[axis];
            }

            (x, y, z) = (Vector256.Load(columns), Vector256.Load(columns + Lanes), Vector256.Load(columns + 2 * Lanes));
            return;
        }

        // Four by four within each half.
        Vector256<float> a = Vector256.Create(Difference(j[0]), Difference(j[4])), b = Vector256.Create(Difference(j[1]), Difference(j[5]));
        Vector256<float> c = Vector256.Create(Difference(j[2]), Difference(j[6])), d = Vector256.Create(Difference(j[3]), Difference(j[7]));
        Vector256<float> xyLow = Avx.UnpackLow(a, b), xyHigh = Avx.UnpackLow(c, d);
        x = Avx.Shuffle(xyLow, xyHigh, 0b01_00_01_00);
        y = Avx.Shuffle(xyLow, xyHigh, 0b11_10_11_10);
        z = Avx.Shuffle(Avx.UnpackHigh(a, b), Avx.UnpackHigh(c, d), 0b01_00_01_00);
    }

    /// <summary>The three quadratic B-splines of eight intervals, see <see cref="RadialTable"/>; they may overwrite the fractions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreBasis(Vector256<float> t, float* basis)
    {
        Vector256<float> half = Vector256.Create(0.5f), rest = Vector256<float>.One - t;
        (half * rest * rest).Store(basis);
        Vector256.FusedMultiplyAdd(t, rest, half).Store(basis + EdgeBatch.NextBasis);
        (half * t * t).Store(basis + 2 * EdgeBatch.NextBasis);
    }
}
