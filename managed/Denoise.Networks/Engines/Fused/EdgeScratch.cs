using System.Runtime.Intrinsics;
using Denoise.Atoms.Memory;
using Denoise.Networks.Engines.Fused.Kernels;
using Denoise.Networks.Engines.Simd;

namespace Denoise.Networks.Engines.Fused;

/// <summary>What a thread reads and computes of up to <see cref="EdgeBlock.Capacity"/> edges of an atom: vectors, harmonics, place between knots.</summary>
internal sealed unsafe class EdgeScratch : IDisposable
{
    /// <summary>Edges that there is room for.</summary>
    public const int Capacity = EdgeBlock.Capacity;

    private const int Stride = Capacity;
    private readonly NativeBuffer<float> _floats;
    private readonly NativeBuffer<int> _integers = new(2 * Stride);
    private readonly KnotGrid _grid;
    private readonly int _lMax;

    /// <param name="grid">of the radial networks</param>
    /// <param name="lMax">of the harmonics</param>
    /// <param name="slotCount">elements of all coupling matrices of a layer, the largest</param>
    /// <param name="weightCount">radial weights of an edge, the largest</param>
    public EdgeScratch(KnotGrid grid, int lMax, int slotCount, int weightCount)
    {
        (_grid, _lMax) = (grid, lMax);
        int harmonics = EdgeHarmonics.Count(Math.Max(1, lMax));
        // Vectors and their inverse lengths; harmonics; factors.
        _floats = new(Stride * (4 + harmonics + 4L + slotCount + 3L * weightCount + PositionKernels.SumsPerEdge));
        _floats.Clear();
        _integers.Clear();
        X = _floats.Pointer;
        Y = X + Stride;
        Z = Y + Stride;
        Inverse = Z + Stride;
        Harmonics = Inverse + Stride;
        Factors = Harmonics + harmonics * Stride;
        Couplings = Factors + 4 * Stride;
        Weights = Couplings + slotCount * Stride;
        WeightsAdj = Weights + weightCount * Stride;
        Slopes = WeightsAdj + weightCount * Stride;
        PositionSums = Slopes + weightCount * Stride;
    }

    /// <summary>[Capacity] components of the vectors from the neighbors to the atom, Å; once prepared, of their directions</summary>
    public float* X { get; }

    public float* Y { get; }

    public float* Z { get; }

    /// <summary>[Capacity] 1/Å; once prepared</summary>
    public float* Inverse { get; }

    /// <summary>[Capacity] rows of the neighbors</summary>
    public int* Neighbors => _integers.Pointer + Stride;

    /// <summary>[(lMax + 1)^2, Capacity] Y_lm</summary>
    public float* Harmonics { get; }

    /// <summary>[4, Capacity] Lagrange's polynomials of the four knots around</summary>
    public float* Factors { get; }

    /// <summary>[slots, Capacity]</summary>
    public float* Couplings { get; }

    /// <summary>[Capacity, weights]</summary>
    public float* Weights { get; }

    public float* WeightsAdj { get; }

    public float* Slopes { get; }

    /// <summary>see <see cref="EdgeBlock.PositionSums"/></summary>
    public float* PositionSums { get; }

    /// <summary>[Capacity] first of an edge's four knots</summary>
    public int* FirstKnots => _integers.Pointer;

    /// <summary>Reads edges of an atom; with sign = -1 their opposites. Returns how many.</summary>
    public int Prepare(FusedGraph graph, int atom, ref int place, float sign)
    {
        Vector256<float> perLength = Vector256.Create((float)_grid.KnotsPerLength), one = Vector256<float>.One;
        Vector256<int> lastStart = Vector256.Create(_grid.Count - 4);
        float* h = Harmonics;
        int count = graph.Read(atom, ref place, this);
        for (int n = 0; n < count; n += 8)
        {
            Vector256<float> x = Vector256.Load(X + n), y = Vector256.Load(Y + n), z = Vector256.Load(Z + n);
            Vector256<float> length = Vector256.Sqrt(x * x + y * y + z * z);
            // Two atoms in one place have no direction: harmonics of degree above 0 are zero.
            Vector256<float> inverse = Vector256.Create(sign) / Vector256.Max(length, Vector256.Create(1e-12f));
            x *= inverse;
            y *= inverse;
            z *= inverse;
            Vector256.Store(x, X + n);
            Vector256.Store(y, Y + n);
            Vector256.Store(z, Z + n);
            Vector256.Store(inverse, Inverse + n);
            EdgeHarmonics.Store(_lMax, x, y, z, h + n);

            Vector256<float> knot = length * perLength;
            Vector256<int> start = Vector256.ConvertToInt32(knot) - Vector256<int>.One;
            start = Vector256.Max(Vector256<int>.Zero, Vector256.Min(start, lastStart));
            Vector256<float> t = knot - Vector256.ConvertToSingle(start), t1 = t - one, t2 = t1 - one, t3 = t2 - one;
            Vector256.Store(start, FirstKnots + n);
            Vector256.Store(t1 * t2 * t3 * (-1 / 6f), Factors + n);
            Vector256.Store(t * t2 * t3 * 0.5f, Factors + Stride + n);
            Vector256.Store(t * t1 * t3 * -0.5f, Factors + 2 * Stride + n);
            Vector256.Store(t * t1 * t2 * (1 / 6f), Factors + 3 * Stride + n);
        }

        return count;
    }

    public void Dispose()
    {
        _floats.Dispose();
        _integers.Dispose();
    }
}
