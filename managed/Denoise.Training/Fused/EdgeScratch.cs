using System.Runtime.Intrinsics;
using Denoise.Atoms.Memory;
using Denoise.Training.Batches;
using Denoise.Training.Fused.Kernels;

namespace Denoise.Training.Fused;

/// <summary>What a thread computes of up to <see cref="EdgeBlock.Capacity"/> edges of an atom: harmonics and place between knots.</summary>
internal sealed unsafe class EdgeScratch : IDisposable
{
    private const int Stride = EdgeBlock.Capacity;
    private const int HarmonicCount = 9;

    private readonly NativeBuffer<float> _floats;
    private readonly NativeBuffer<int> _firstKnots = new(Stride);
    private readonly KnotGrid _grid;

    /// <param name="grid">of the radial networks</param>
    /// <param name="slotCount">elements of all coupling matrices of a layer, the largest</param>
    /// <param name="weightCount">radial weights of an edge, the largest</param>
    public EdgeScratch(KnotGrid grid, int slotCount, int weightCount)
    {
        _grid = grid;
        _floats = new(Stride * (HarmonicCount + 4L + slotCount + 2L * weightCount));
        _floats.Clear();
        Harmonics = _floats.Pointer;
        Factors = Harmonics + HarmonicCount * Stride;
        Couplings = Factors + 4 * Stride;
        Weights = Couplings + slotCount * Stride;
        WeightsAdj = Weights + weightCount * Stride;
    }

    /// <summary>[9, Capacity] Y_lm</summary>
    public float* Harmonics { get; }

    /// <summary>[4, Capacity] Lagrange's polynomials of the four knots around</summary>
    public float* Factors { get; }

    /// <summary>[slots, Capacity]</summary>
    public float* Couplings { get; }

    /// <summary>[Capacity, weights]</summary>
    public float* Weights { get; }

    public float* WeightsAdj { get; }

    /// <summary>[Capacity] first of an edge's four knots</summary>
    public int* FirstKnots => _firstKnots.Pointer;

    /// <summary>Edges [first, first + count) of the batch; with sign = -1 their opposites.</summary>
    public void Prepare(TrainingBatch batch, int first, int count, float sign)
    {
        const float sqrt3 = 1.7320508f, sqrt5 = 2.2360680f, sqrt15 = 3.8729833f;
        Vector256<float> perLength = Vector256.Create((float)_grid.KnotsPerLength), one = Vector256<float>.One;
        Vector256<int> lastStart = Vector256.Create(_grid.Count - 4);
        float* h = Harmonics;
        for (int n = 0; n < count; n += 8)
        {
            Vector256<float> x = Vector256.Load(batch.X + first + n), y = Vector256.Load(batch.Y + first + n);
            Vector256<float> z = Vector256.Load(batch.Z + first + n);
            Vector256<float> length = Vector256.Sqrt(x * x + y * y + z * z);
            // Two atoms in one place have no direction: harmonics of degree above 0 are zero.
            Vector256<float> inverse = Vector256.Create(sign) / Vector256.Max(length, Vector256.Create(1e-12f));
            x *= inverse;
            y *= inverse;
            z *= inverse;
            Vector256.Store(one, h + n);
            Vector256.Store(sqrt3 * x, h + Stride + n);
            Vector256.Store(sqrt3 * y, h + 2 * Stride + n);
            Vector256.Store(sqrt3 * z, h + 3 * Stride + n);
            Vector256.Store(sqrt15 * x * z, h + 4 * Stride + n);
            Vector256.Store(sqrt15 * x * y, h + 5 * Stride + n);
            Vector256.Store(sqrt5 * (y * y - 0.5f * (x * x + z * z)), h + 6 * Stride + n);
            Vector256.Store(sqrt15 * y * z, h + 7 * Stride + n);
            Vector256.Store(0.5f * sqrt15 * (z * z - x * x), h + 8 * Stride + n);

            Vector256<float> place = length * perLength;
            Vector256<int> start = Vector256.ConvertToInt32(place) - Vector256<int>.One;
            start = Vector256.Max(Vector256<int>.Zero, Vector256.Min(start, lastStart));
            Vector256<float> t = place - Vector256.ConvertToSingle(start), t1 = t - one, t2 = t1 - one, t3 = t2 - one;
            Vector256.Store(start, FirstKnots + n);
            Vector256.Store(t1 * t2 * t3 * (-1 / 6f), Factors + n);
            Vector256.Store(t * t2 * t3 * 0.5f, Factors + Stride + n);
            Vector256.Store(t * t1 * t3 * -0.5f, Factors + 2 * Stride + n);
            Vector256.Store(t * t1 * t2 * (1 / 6f), Factors + 3 * Stride + n);
        }
    }

    public void Dispose()
    {
        _floats.Dispose();
        _firstKnots.Dispose();
    }
}
