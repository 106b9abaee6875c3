using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Denoise.Atoms.Memory;

namespace Denoise.Structure.TemplateMatching;

/// <summary>
/// The convex hull of a few points, grown point by point: the facets that a new point sees give way to triangles between it and the
/// edges around them. A point that lies in the plane of a facet does not see it, so that facets with more than three corners come
/// out as triangles. Planes are kept side by side, and all are tested at a time.
/// </summary>
internal sealed unsafe class TriangulatedHull : IDisposable
{
    public const int MostPoints = 32;

    /// <summary>Twice the points less four, rounded up to whole vectors.</summary>
    public const int MostFacets = 64;

    private const int EdgeBits = 5;

    private readonly NativeBuffer<double> _reals = new(3 * MostPoints + 4 * MostFacets);
    private readonly NativeBuffer<int> _corners = new(MostFacets);
    private readonly NativeBuffer<ushort> _across = new(MostPoints * MostPoints);
    private readonly NativeBuffer<ushort> _horizon = new(3 * MostFacets);
    private readonly NativeBuffer<byte> _neighbor = new(MostPoints);

    private double _tolerance;
    private int _top;

    public TriangulatedHull()
    {
        _reals.Clear();
        _across.Clear();
        _corners.Clear();
        _neighbor.Clear();
        X = _reals.Pointer;
        Y = X + MostPoints;
        Z = Y + MostPoints;
        NormalX = Z + MostPoints;
        NormalY = NormalX + MostFacets;
        NormalZ = NormalY + MostFacets;
        Limit = NormalZ + MostFacets;
    }

    /// <summary>[points] set by the caller before a point is inserted.</summary>
    public double* X { get; }

    public double* Y { get; }

    public double* Z { get; }

    /// <summary>[facets] outward, of any length; zero where there is no facet.</summary>
    public double* NormalX { get; }

    public double* NormalY { get; }

    public double* NormalZ { get; }

    /// <summary>[facets] normal · point is larger for points that see the facet.</summary>
    public double* Limit { get; }

    /// <summary>One bit for every facet that there is.</summary>
    public ulong Facets { get; private set; }

    public int FacetCount => BitOperations.PopCount(Facets);

    public long MemoryBytes => _reals.CapacityBytes + _corners.CapacityBytes + _across.CapacityBytes + _horizon.CapacityBytes
        + _neighbor.CapacityBytes;

    /// <summary>One past the last facet.</summary>
    public int End => _top;

    /// <summary>Corners of a facet, counterclockwise seen from outside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (int A, int B, int C) Corners(int facet)
    {
        int corners = _corners[facet];
        return (corners & 255, corners >> 8 & 255, corners >> 16);
    }

    /// <summary>The facet to the left of the edge, and its third corner.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (int Facet, int Apex) Left(int from, int to)
    {
        int entry = _across[(from << EdgeBits) + to];
        return (entry >> EdgeBits, entry & (MostPoints - 1));
    }

    /// <summary>A corner that shares an edge with a corner.</summary>
    public int NeighborOf(int point) => _neighbor[point];

    /// <summary>One bit for every point that is a corner.</summary>
    public uint CornerPoints()
    {
        uint points = 0;
        for (ulong left = Facets; left != 0; left &= left - 1)
        {
            (int a, int b, int c) = Corners(BitOperations.TrailingZeroCount(left));
            points |= 1u << a | 1u << b | 1u << c;
        }

        return points;
    }

    /// <summary>Whether the origin lies within, or on the surface.</summary>
    public bool HoldsOrigin()
    {
        for (int f = 0; f < _top; f += 4)
            if (Vector256.LessThanAny(Vector256.Load(Limit + f), Vector256<double>.Zero))
                return false;
        return true;
    }

    /// <summary>Starts with a tetrahedron of some of the first points.</summary>
    /// <param name="count">points that are set</param>
    /// <param name="tolerance">points so close to the plane of a facet lie in it</param>
    /// <returns>the corners as bits; 0 where all points lie in a plane</returns>
    public uint Begin(int count, double tolerance)
    {
        Clear(tolerance);
        int b = 0, c = 0, d = 0;
        double most = 0;
        for (int k = 1; k < count; k++)
        {
            double x = X[k] - X[0], y = Y[k] - Y[0], z = Z[k] - Z[0], square = x * x + y * y + z * z;
            if (square > most)
                (most, b) = (square, k);
        }

        double ux = X[b] - X[0], uy = Y[b] - Y[0], uz = Z[b] - Z[0], nx = 0, ny = 0, nz = 0;
        most = 0;
        for (int k = 1; k < count; k++)
        {
            double x = X[k] - X[0], y = Y[k] - Y[0], z = Z[k] - Z[0];
            double cx = uy * z - uz * y, cy = uz * x - ux * z, cz = ux * y - uy * x, square = cx * cx + cy * cy + cz * cz;
            if (square > most)
                (most, c, nx, ny, nz) = (square, k, cx, cy, cz);
        }

        most = 0;
        bool isAbove = false;
        for (int k = 1; k < count; k++)
        {
            double height = nx * (X[k] - X[0]) + ny * (Y[k] - Y[0]) + nz * (Z[k] - Z[0]);
            if (Math.Abs(height) > most)
                (most, d, isAbove) = (Math.Abs(height), k, height > 0);
        }

        if (!(most > tolerance * (Math.Abs(nx) + Math.Abs(ny) + Math.Abs(nz))))
            return 0;
        if (isAbove)
            (b, c) = (c, b);
        AddFacet(0, 0, b, c);
        AddFacet(1, b, 0, d);
        AddFacet(2, c, b, d);
        AddFacet(3, 0, c, d);
        (Facets, _top) = (15, 4);
        return 1u | 1u << b | 1u << c | 1u << d;
    }

    /// <summary>Starts with an octahedron around the origin, whose corners are the last six points.</summary>
    /// <param name="size">distance of the corners from the origin</param>
    /// <param name="tolerance">points so close to the plane of a facet lie in it</param>
    public void BeginAround(double size, double tolerance)
    {
        const int First = MostPoints - 6;
        Clear(tolerance);
        for (int axis = 0; axis < 3; axis++)
        {
            for (int side = 0; side < 2; side++)
            {
                int point = First + 2 * axis + side;
                double length = side == 0 ? size : -size;
                (X[point], Y[point], Z[point]) = (axis == 0 ? length : 0, axis == 1 ? length : 0, axis == 2 ? length : 0);
            }
        }

        for (int f = 0; f < 8; f++)
        {
            int a = First + (f & 1), b = First + 2 + (f >> 1 & 1), c = First + 4 + (f >> 2);
            bool isMirrored = (BitOperations.PopCount((uint)f) & 1) != 0;
            AddFacet(f, a, isMirrored ? c : b, isMirrored ? b : c);
        }

        (Facets, _top) = (255, 8);
    }

    /// <summary>Becomes a mesh of these triangles, counterclockwise seen from outside, without planes.</summary>
    public void Assign(ReadOnlySpan<(int A, int B, int C)> triangles)
    {
        Clear(0);
        for (int f = 0; f < triangles.Length; f++)
            Link(f, triangles[f].A, triangles[f].B, triangles[f].C);
        (Facets, _top) = ((1ul << triangles.Length) - 1, triangles.Length);
    }

    /// <summary>Adds a point that is set.</summary>
    /// <returns>false: the hull was too degenerate to go on</returns>
    public bool Insert(int point)
    {
        ulong visible = VisibleFrom(X[point], Y[point], Z[point]);
        if (visible == 0)
            return true;
        ushort* horizon = _horizon.Pointer, across = _across.Pointer;
        int* corners = _corners.Pointer;
        int edges = 0;
        for (ulong left = visible; left != 0; left &= left - 1)
        {
            int packed = corners[BitOperations.TrailingZeroCount(left)];
            int a = packed & 255, b = packed >> 8 & 255, c = packed >> 16;
            // Written in any case, and kept where the facet beyond the edge is not seen.
            horizon[edges] = (ushort)(a << EdgeBits | b);
            edges += (int)(~visible >> (across[(b << EdgeBits) + a] >> EdgeBits) & 1);
            horizon[edges] = (ushort)(b << EdgeBits | c);
            edges += (int)(~visible >> (across[(c << EdgeBits) + b] >> EdgeBits) & 1);
            horizon[edges] = (ushort)(c << EdgeBits | a);
            edges += (int)(~visible >> (across[(a << EdgeBits) + c] >> EdgeBits) & 1);
        }

        ulong kept = Facets & ~visible, free = ~kept;
        if (edges < 3 || edges > BitOperations.PopCount(free))
            return false;
        for (int e = 0; e < edges; e++, free &= free - 1)
            AddFacet(BitOperations.TrailingZeroCount(free), horizon[e] >> EdgeBits, horizon[e] & (MostPoints - 1), point);
        Facets = ~free;
        for (ulong gone = visible & free; gone != 0; gone &= gone - 1)
            Remove(BitOperations.TrailingZeroCount(gone));
        _top = 64 - BitOperations.LeadingZeroCount(Facets);
        return true;
    }

    /// <summary>Puts a point on a facet, whatever its distance: three triangles in its place, without planes.</summary>
    public void Cap(int facet, int point)
    {
        (int a, int b, int c) = Corners(facet);
        ulong free = ~Facets | 1ul << facet;
        foreach ((int u, int v) in (ReadOnlySpan<(int, int)>)[(a, b), (b, c), (c, a)])
        {
            int slot = BitOperations.TrailingZeroCount(free);
            Link(slot, u, v, point);
            free &= free - 1;
        }

        Facets = ~free;
        _top = 64 - BitOperations.LeadingZeroCount(Facets);
    }

    public void Dispose()
    {
        _reals.Dispose();
        _corners.Dispose();
        _across.Dispose();
        _horizon.Dispose();
        _neighbor.Dispose();
    }

    private void Clear(double tolerance)
    {
        for (int f = 0; f < _top; f++)
            Remove(f);
        (Facets, _top, _tolerance) = (0, 0, tolerance);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Remove(int facet) => (NormalX[facet], NormalY[facet], NormalZ[facet], Limit[facet]) = (0, 0, 0, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong VisibleFrom(double x, double y, double z)
    {
        ulong visible = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<double> px = Vector512.Create(x), py = Vector512.Create(y), pz = Vector512.Create(z);
            for (int f = 0; f < _top; f += 8)
            {
                Vector512<double> height = Vector512.MultiplyAddEstimate(Vector512.Load(NormalX + f), px,
                    Vector512.MultiplyAddEstimate(Vector512.Load(NormalY + f), py, Vector512.Load(NormalZ + f) * pz));
                visible |= Vector512.GreaterThan(height, Vector512.Load(Limit + f)).ExtractMostSignificantBits() << f;
            }
        }
        else
        {
            Vector256<double> px = Vector256.Create(x), py = Vector256.Create(y), pz = Vector256.Create(z);
            for (int f = 0; f < _top; f += 4)
            {
                Vector256<double> height = Vector256.MultiplyAddEstimate(Vector256.Load(NormalX + f), px,
                    Vector256.MultiplyAddEstimate(Vector256.Load(NormalY + f), py, Vector256.Load(NormalZ + f) * pz));
                visible |= (ulong)Vector256.GreaterThan(height, Vector256.Load(Limit + f)).ExtractMostSignificantBits() << f;
            }
        }

        return visible;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddFacet(int slot, int a, int b, int c)
    {
        double ax = X[a], ay = Y[a], az = Z[a];
        double ux = X[b] - ax, uy = Y[b] - ay, uz = Z[b] - az, vx = X[c] - ax, vy = Y[c] - ay, vz = Z[c] - az;
        double nx = uy * vz - uz * vy, ny = uz * vx - ux * vz, nz = ux * vy - uy * vx;
        NormalX[slot] = nx;
        NormalY[slot] = ny;
        NormalZ[slot] = nz;
        Limit[slot] = nx * ax + ny * ay + nz * az + _tolerance * (Math.Abs(nx) + Math.Abs(ny) + Math.Abs(nz));
        Link(slot, a, b, c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Link(int slot, int a, int b, int c)
    {
        int entry = slot << EdgeBits;
        ushort* across = _across.Pointer;
        _corners[slot] = a | b << 8 | c << 16;
        across[(a << EdgeBits) + b] = (ushort)(entry | c);
        across[(b << EdgeBits) + c] = (ushort)(entry | a);
        across[(c << EdgeBits) + a] = (ushort)(entry | b);
        byte* neighbor = _neighbor.Pointer;
        neighbor[a] = (byte)b;
        neighbor[b] = (byte)c;
        neighbor[c] = (byte)a;
    }
}
