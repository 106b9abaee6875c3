using System.Runtime.Intrinsics;
using Denoise.Atoms.Memory;
using Denoise.Networks.Engines.Simd;
using Denoise.Training.Batches;
using Denoise.Training.Fused.Kernels;

namespace Denoise.Training.Fused;

/// <summary>What a thread computes of up to <see cref="EdgeBlock.Capacity"/> edges of an atom: harmonics and place between knots.</summary>
internal sealed unsafe class EdgeScratch : IDisposable
{
    private const int Stride = EdgeBlock.Capacity;
    private readonly NativeBuffer<float> _floats;
    private readonly NativeBuffer<int> _firstKnots = new(Stride);
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
        _floats = new(Stride * (harmonics + 4L + slotCount + 2L * weightCount));
        _floats.Clear();
        Harmonics = _floats.Pointer;
        Factors = Harmonics + harmonics * Stride;
        Couplings = Factors + 4 * Stride;
        Weights = Couplings + slotCount * Stride;
        WeightsAdj = Weights + weightCount * Stride;
    }

    /// <summary>[(lMax + 1)^2, Capacity] Y_lm</summary>
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
            EdgeHarmonics.Store(_lMax, x, y, z, h + n);

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
