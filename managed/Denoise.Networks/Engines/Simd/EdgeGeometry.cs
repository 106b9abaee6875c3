using System.Runtime.Intrinsics;
using Denoise.Atoms.Memory;
using Denoise.Networks.Engines.Simd.Kernels;
using Denoise.Networks.Engines.Simd.Radial;

namespace Denoise.Networks.Engines.Simd;

/// <summary>
/// The edges of the atom at hand that are shorter than the cutoff: a thread's scratch, in the first-level cache. The vector of an
/// edge points from the neighbor to the atom, r_i - r_j.
/// </summary>
internal sealed unsafe class EdgeGeometry : IDisposable
{
    private const int Arrays = 12;

    private readonly NativeBuffer<float> _floats = new();
    private nint _stride;

    /// <summary>[edge] components of the unit vector; the whole vector until <see cref="Finish"/>.</summary>
    public float* X { get; private set; }

    public float* Y { get; private set; }

    public float* Z { get; private set; }

    /// <summary>[edge] squared length, then place within the interval of the radial table.</summary>
    public float* Fraction { get; private set; }

    /// <summary>[5, Stride] S(e, e), see <see cref="Sums"/>.</summary>
    public float* Rank2 { get; private set; }

    /// <summary>[edge] interval of the radial table.</summary>
    public int* Interval { get; private set; }

    /// <summary>[edge] index of the neighbor.</summary>
    public int* Neighbor { get; private set; }

    /// <summary>Floats between two components of <see cref="Rank2"/>.</summary>
    public nint Stride => _stride;

    public long MemoryBytes => _floats.CapacityBytes;

    /// <summary>Makes room for rows of the list.</summary>
    public void Resize(int largestRow)
    {
        // A vector behind the last edge may be written, another one read.
        _stride = (largestRow + 47) & ~15;
        _floats.Resize(Arrays * _stride);
        float* p = _floats.Pointer;
        X = p;
        Y = p + _stride;
        Z = p + 2 * _stride;
        Fraction = p + 3 * _stride;
        Rank2 = p + 4 * _stride;
        Interval = (int*)(p + 9 * _stride);
        Neighbor = (int*)(p + 10 * _stride);
        _floats.Clear();
    }

    /// <summary>Finds the edges of atom <paramref name="i"/> and returns their number.</summary>
    public int Collect(double* positions, int i, int* neighbors, int candidates, float cutoffSquared, RadialTable table)
    {
        double x = positions[3 * (nint)i], y = positions[3 * (nint)i + 1], z = positions[3 * (nint)i + 2];
        int count = 0;
        for (int k = 0; k < candidates; k++)
        {
            int j = neighbors[k];
            double* other = positions + 3 * (nint)j;
            float dx = (float)(x - other[0]), dy = (float)(y - other[1]), dz = (float)(z - other[2]);
            float squared = dx * dx + dy * dy + dz * dz;
            // Written in any case and kept by counting: no branch to mispredict.
            (X[count], Y[count], Z[count], Fraction[count], Neighbor[count]) = (dx, dy, dz, squared, j);
            count += squared < cutoffSquared ? 1 : 0;
        }

        // What pads the last vector must be finite: its weights are zero.
        for (int k = count; k < count + 3; k++)
            (X[k], Y[k], Z[k], Fraction[k]) = (0, 0, 0, 0);
        Finish(count, table);
        return count;
    }

    /// <summary>Unit vectors, their symmetric products and the place in the table, eight edges at a time.</summary>
    private void Finish(int count, RadialTable table)
    {
        Vector256<float> offset = Vector256.Create(table.Offset), scale = Vector256.Create(table.IntervalsPerUnit);
        Vector256<int> last = Vector256.Create(table.Intervals - 1);
        for (int n = 0; n < count + 3; n += 8)
        {
            Vector256<float> length = Vector256.Sqrt(Vector256.Load(Fraction + n));
            // Two atoms in one place have no direction: e3nn's harmonics of degree above 0 are then zero.
            Vector256<float> inverse = Vector256<float>.One / Vector256.MaxNative(length, Vector256.Create(1e-12f));
            Vector256<float> ex = Vector256.Load(X + n) * inverse;
            Vector256<float> ey = Vector256.Load(Y + n) * inverse;
            Vector256<float> ez = Vector256.Load(Z + n) * inverse;
            Vector256.Store(ex, X + n);
            Vector256.Store(ey, Y + n);
            Vector256.Store(ez, Z + n);

            Vector256<float> twiceX = ex + ex, xx = ex * ex, zz = ez * ez, yy = ey * ey;
            Vector256.Store(twiceX * ez, Rank2 + n);
            Vector256.Store(twiceX * ey, Rank2 + _stride + n);
            Vector256.Store((yy + yy - xx - zz) * Sums.InverseSqrt3, Rank2 + 2 * _stride + n);
            Vector256.Store((ey + ey) * ez, Rank2 + 3 * _stride + n);
            Vector256.Store(zz - xx, Rank2 + 4 * _stride + n);

            Vector256<float> place = scale * length / (length + offset);
            Vector256<int> interval = Vector256.Min(Vector256.ConvertToInt32(place), last);
            Vector256.Store(interval, Interval + n);
            Vector256.Store(place - Vector256.ConvertToSingle(interval), Fraction + n);
        }
    }

    public void Dispose() => _floats.Dispose();
}
