using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Denoise.Atoms.Memory;

namespace Denoise.Structure.TemplateMatching;

/// <summary>
/// Neighbors in the order of the solid angles under which the atom sees the faces of its Voronoi cell, the largest first; equal
/// angles in the order of distance (Larsen et al. 2016). The cell is that of the convex hull of r / |r|^2: a facet of the
/// hull is a corner of the cell, in the direction of its normal. A cube of ten times the largest distance closes it where there are
/// no neighbors.
/// <para>
/// Angles are compared by <c>t = y / (|x| + |y|)</c>, where x + i y has half the angle as its phase, and is a product over triangles
/// of the face (van Oosterom and Strackee, doi:10.1109/TBME.1983.325207): single precision, eight faces at a time. What that
/// leaves open is computed in double precision.
/// </para>
/// </summary>
internal sealed unsafe class TopologicalOrder : IDisposable
{
    /// <summary>Neighbors that take part: the nearest 18.</summary>
    public const int Most = 18;

    /// <summary>Angles closer than this, in steradians, are equal: what is left after rounding.</summary>
    private const double AngleTie = 1e-9;

    private const float KeyBand = 2e-5f;
    private const double CubeSize = 10;
    private const double HullTolerance = 1e-9;
    private const int Lanes = 24;
    private const int RingLength = 24;

    private readonly TriangulatedHull _hull = new();
    private readonly NativeBuffer<float> _unit = new(3 * TriangulatedHull.MostFacets);
    private readonly NativeBuffer<int> _rings = new(RingLength * Lanes);
    private readonly NativeBuffer<float> _keys = new(Lanes);
    private readonly NativeBuffer<double> _angles = new(Lanes);
    private readonly NativeBuffer<int> _order = new(Lanes + 8);

    private int _count;
    private int _longest;
    private bool _isExact;
    private double* _squares;

    public long MemoryBytes => _hull.MemoryBytes + _unit.CapacityBytes + _rings.CapacityBytes + _keys.CapacityBytes
        + _angles.CapacityBytes + _order.CapacityBytes;

    /// <summary>[count] neighbors in order.</summary>
    public int* Order => _order.Pointer;

    /// <summary>Orders neighbors.</summary>
    /// <param name="x">[count] r_neighbor - r_atom, nearest first</param>
    /// <param name="y">[count]</param>
    /// <param name="z">[count]</param>
    /// <param name="squares">[count] squared distances, kept until the last call of <see cref="Ends"/></param>
    /// <param name="count">at most <see cref="Most"/></param>
    /// <returns>false: the neighbors are too degenerate to have a cell</returns>
    public bool Sort(double* x, double* y, double* z, double* squares, int count)
    {
        (_count, _isExact) = (count, false);
        _squares = squares;
        if (count == 0 || !(squares[0] > 0) || !BuildCell(x, y, z))
            return false;
        TraceFaces();
        Normalize();
        ComputeKeys();
        SortByKeys();
        return true;
    }

    /// <summary>Whether the first so many are told from all others by their angles and distances.</summary>
    public bool Ends(int count)
    {
        if (count > _count)
            return false;
        if (count == _count)
            return true;
        int last = Order[count - 1], next = Order[count];
        float* keys = _keys.Pointer;
        if (keys[last] - keys[next] > KeyBand)
            return true;
        if (keys[last] > 0 || keys[next] > 0)
        {
            if (!_isExact)
                SortExactly();
            last = Order[count - 1];
            next = Order[count];
            if (_angles[last] - _angles[next] > AngleTie)
                return true;
            if (_angles[last] > AngleTie)
                return false;
        }

        return _squares[next] > _squares[last] * (1 + AdaptiveCommonNeighborAnalysis.TieTolerance);
    }

    public void Dispose()
    {
        _hull.Dispose();
        _unit.Dispose();
        _rings.Dispose();
        _keys.Dispose();
        _angles.Dispose();
        _order.Dispose();
    }

    private bool BuildCell(double* x, double* y, double* z)
    {
        double scale = Math.Sqrt(_squares[0]);
        _hull.BeginAround(0.5 * scale / (CubeSize * Math.Sqrt(_squares[_count - 1])), HullTolerance);
        double* hullX = _hull.X, hullY = _hull.Y, hullZ = _hull.Z;
        for (int k = 0; k < _count; k++)
        {
            double inverse = scale / _squares[k];
            (hullX[k], hullY[k], hullZ[k]) = (x[k] * inverse, y[k] * inverse, z[k] * inverse);
        }

        for (int k = 0; k < _count; k++)
            if (!_hull.Insert(k))
                return false;
        return true;
    }

    /// <summary>The corners of every neighbor's face, one after the other; the last is repeated.</summary>
    private void TraceFaces()
    {
        uint faces = _hull.CornerPoints();
        int* rings = _rings.Pointer;
        int longest = 0;
        Span<byte> lengths = stackalloc byte[Lanes];
        for (int k = 0; k < _count; k++)
        {
            int length = 0;
            if ((faces >> k & 1) != 0)
            {
                int first = _hull.NeighborOf(k), to = first;
                do
                {
                    (int facet, to) = _hull.Left(k, to);
                    rings[length++ * Lanes + k] = facet;
                }
                while (to != first && length < RingLength);
            }

            lengths[k] = (byte)length;
            longest = Math.Max(longest, length);
        }

        for (int k = 0; k < Lanes; k++)
        {
            int length = k < _count ? lengths[k] : 0;
            // Without a face all corners are one, and the angle is nought.
            int last = length == 0 ? BitOperations.TrailingZeroCount(_hull.Facets) : rings[(length - 1) * Lanes + k];
            for (; length < longest; length++)
                rings[length * Lanes + k] = last;
        }

        _longest = longest;
    }

    private void Normalize()
    {
        float* unit = _unit.Pointer;
        for (int f = 0; f < _hull.End; f += 4)
        {
            Vector256<double> x = Vector256.Load(_hull.NormalX + f), y = Vector256.Load(_hull.NormalY + f);
            Vector256<double> z = Vector256.Load(_hull.NormalZ + f);
            Vector256<double> inverse = Vector256<double>.One / Vector256.Sqrt(x * x + y * y + z * z);
            Store(x * inverse, unit + f);
            Store(y * inverse, unit + TriangulatedHull.MostFacets + f);
            Store(z * inverse, unit + 2 * TriangulatedHull.MostFacets + f);
        }

        static void Store(Vector256<double> value, float* target) =>
            Vector128.Narrow(value.GetLower(), value.GetUpper()).Store(target);
    }

    private void ComputeKeys()
    {
        int* rings = _rings.Pointer;
        for (int lane = 0; lane < _count; lane += 8)
        {
            (Vector256<float> x0, Vector256<float> y0, Vector256<float> z0) = Corner(rings + lane);
            (Vector256<float> x1, Vector256<float> y1, Vector256<float> z1) = Corner(rings + Lanes + lane);
            Vector256<float> one = Vector256<float>.One, real = one, imaginary = Vector256<float>.Zero;
            Vector256<float> along = x0 * x1 + y0 * y1 + z0 * z1;
            for (int step = 2; step < _longest; step++)
            {
                (Vector256<float> x2, Vector256<float> y2, Vector256<float> z2) = Corner(rings + step * Lanes + lane);
                Vector256<float> y = x0 * (y1 * z2 - z1 * y2) + y0 * (z1 * x2 - x1 * z2) + z0 * (x1 * y2 - y1 * x2);
                Vector256<float> next = x0 * x2 + y0 * y2 + z0 * z2;
                Vector256<float> x = one + along + next + (x1 * x2 + y1 * y2 + z1 * z2);
                (real, imaginary) = (real * x - imaginary * y, real * y + imaginary * x);
                (x1, y1, z1, along) = (x2, y2, z2, next);
            }

            imaginary = Vector256.Abs(imaginary);
            Vector256<float> key = imaginary / (Vector256.Abs(real) + imaginary);
            key = Vector256.ConditionalSelect(Vector256.LessThan(real, Vector256<float>.Zero), one + one - key, key);
            key.Store(_keys.Pointer + lane);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (Vector256<float> X, Vector256<float> Y, Vector256<float> Z) Corner(int* facets)
    {
        float* x = _unit.Pointer, y = x + TriangulatedHull.MostFacets, z = y + TriangulatedHull.MostFacets;
        if (Avx2.IsSupported)
        {
            Vector256<int> index = Vector256.Load(facets);
            return (Avx2.GatherVector256(x, index, 4), Avx2.GatherVector256(y, index, 4), Avx2.GatherVector256(z, index, 4));
        }

        return (Gather(x, facets), Gather(y, facets), Gather(z, facets));

        static Vector256<float> Gather(float* values, int* index) => Vector256.Create(
            values[index[0]], values[index[1]], values[index[2]], values[index[3]],
            values[index[4]], values[index[5]], values[index[6]], values[index[7]]);
    }

    /// <summary>
    /// The rank of each is the number of larger keys, nearer neighbors before equal ones: the lowest bits of a key give way to the
    /// neighbor's number.
    /// </summary>
    private void SortByKeys()
    {
        int* bits = stackalloc int[Lanes];
        float* keys = _keys.Pointer;
        for (int k = 0; k < Lanes; k++)
            bits[k] = k < _count ? BitConverter.SingleToInt32Bits(keys[k]) & ~31 | 31 - k : -1;
        Vector256<int> key0 = Vector256.Load(bits), key1 = Vector256.Load(bits + 8), key2 = Vector256.Load(bits + 16);
        Vector256<int> rank0 = Vector256<int>.Zero, rank1 = rank0, rank2 = rank0;
        for (int k = 0; k < _count; k++)
        {
            Vector256<int> one = Vector256.Create(bits[k]);
            rank0 -= Vector256.GreaterThan(one, key0);
            rank1 -= Vector256.GreaterThan(one, key1);
            rank2 -= Vector256.GreaterThan(one, key2);
        }

        int* ranks = stackalloc int[Lanes];
        rank0.Store(ranks);
        rank1.Store(ranks + 8);
        rank2.Store(ranks + 16);
        for (int k = 0; k < _count; k++)
            Order[ranks[k]] = k;
    }

    private void SortExactly()
    {
        _isExact = true;
        int* rings = _rings.Pointer;
        for (int k = 0; k < _count; k++)
        {
            double angle = 0;
            for (int step = 2; step < _longest; step++)
                angle += 2 * Math.Abs(HalfAngle(rings[k], rings[(step - 1) * Lanes + k], rings[step * Lanes + k]));
            _angles[k] = angle;
        }

        for (int k = 1; k < _count; k++)
        {
            int neighbor = Order[k], at = k;
            for (; at > 0 && Precedes(neighbor, Order[at - 1]); at--)
                Order[at] = Order[at - 1];
            Order[at] = neighbor;
        }
    }

    private bool Precedes(int a, int b) => Math.Abs(_angles[a] - _angles[b]) > AngleTie ? _angles[a] > _angles[b] : a < b;

    private double HalfAngle(int a, int b, int c)
    {
        if (a == b || b == c)
            return 0;
        (double ax, double ay, double az) = Unit(a);
        (double bx, double by, double bz) = Unit(b);
        (double cx, double cy, double cz) = Unit(c);
        double volume = ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx);
        return Math.Atan2(volume,
            1 + (ax * bx + ay * by + az * bz) + (bx * cx + by * cy + bz * cz) + (cx * ax + cy * ay + cz * az));
    }

    private (double X, double Y, double Z) Unit(int facet)
    {
        double x = _hull.NormalX[facet], y = _hull.NormalY[facet], z = _hull.NormalZ[facet];
        double inverse = 1 / Math.Sqrt(x * x + y * y + z * z);
        return (x * inverse, y * inverse, z * inverse);
    }
}
