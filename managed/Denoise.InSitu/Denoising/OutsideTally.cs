using Denoise.Atoms.Threading;

namespace Denoise.InSitu.Denoising;

/// <summary>Counts the atoms of a rank that are outside of what the model knows, when they have been denoised.</summary>
internal sealed unsafe class OutsideTally
{
    private const int Grain = 1 << 12;

    // Bounds are kept in single precision.
    private const double Rounding = 1e-6;

    private readonly WorkerPool _pool;
    private readonly ModelLimits _limits;
    private readonly OutsideCounts[] _parts;
    private readonly WorkerPool.Body _count;

    private double* _displacements;
    private float* _first;
    private float* _last;
    private double _settled;

    /// <param name="pool">threads, borrowed</param>
    /// <param name="limits">of the model</param>
    public OutsideTally(WorkerPool pool, ModelLimits limits)
    {
        (_pool, _limits, _count) = (pool, limits, Count);
        _parts = new OutsideCounts[pool.Count];
    }

    /// <summary>All counts but that of neighbors. Lengths in model Å.</summary>
    /// <param name="atoms">owned</param>
    /// <param name="displacements">[atoms, 3] D</param>
    /// <param name="first">[atoms, 3] first predictions</param>
    /// <param name="last">[atoms, 3] predictions of the last iteration</param>
    /// <param name="tolerance">of the iterations</param>
    public OutsideCounts Count(int atoms, double* displacements, float* first, float* last, double tolerance)
    {
        _displacements = displacements;
        _first = first;
        _last = last;
        _settled = Math.Max(tolerance, _limits.Settled);
        Array.Clear(_parts);
        _pool.Run(atoms, Grain, _count);
        OutsideCounts all = new() { Seen = atoms };
        foreach (OutsideCounts part in _parts)
            all = all.Plus(part);
        return all;
    }

    private void Count(int begin, int end, int worker)
    {
        double held2 = Square(_limits.LargestMove * (1 - Rounding)), noise2 = Square(_limits.LargestNoise);
        double settled2 = Square(_settled), astray2 = Square(_limits.LeastAstray);
        int held = 0, beyondNoise = 0, unsettled = 0, astray = 0;
        for (int i = begin; i < end; i++)
        {
            double* d = _displacements + 3L * i;
            float* first = _first + 3L * i, last = _last + 3L * i;
            double way2 = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
            double first2 = Square(first[0]) + Square(first[1]) + Square(first[2]);
            bool isHeld = way2 >= held2;
            held += isHeld ? 1 : 0;
            beyondNoise += first2 > noise2 ? 1 : 0;
            unsettled += isHeld || Square(last[0]) + Square(last[1]) + Square(last[2]) > settled2 ? 1 : 0;
            double along = -(d[0] * first[0] + d[1] * first[1] + d[2] * first[2]);
            bool deviates = along < 0 || along * along < Square(ModelLimits.AstrayCosine) * way2 * first2;
            astray += way2 > astray2 && deviates ? 1 : 0;
        }

        _parts[worker] = _parts[worker].Plus(new() { Held = held, BeyondNoise = beyondNoise, Unsettled = unsettled, Astray = astray });
    }

    private static double Square(double x) => x * x;
}
