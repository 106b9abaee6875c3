using System.Diagnostics;
using System.Runtime.Intrinsics;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Networks.Engines.Simd.Lanes;

namespace Denoise.Benchmarks;

/// <summary>
/// What one core of this machine can do at best, measured: fused multiply-adds in registers and the triad a = b + s c through
/// memory. Best of many short windows, so that some of them are undisturbed.
/// </summary>
internal static unsafe class MachinePeak
{
    private const int Windows = 20;
    private const int Steps = 400_000;
    private const int Chains = 12; // latency 4, two units: 8 would do on most cores

    // Three arrays of 64 MB are far beyond the caches of a core.
    private const int TriadLength = 8_000_000;

    /// <summary>Single-precision operations per second and core with 256-bit vectors.</summary>
    public static double Flops256() => Flops<Simd256, Vector256<float>>();

    /// <summary>The same with 512-bit vectors; 0 where the processor has none.</summary>
    public static double Flops512() => Vector512.IsHardwareAccelerated ? Flops<Simd512, Vector512<float>>() : 0;

    private static double Flops<S, V>()
        where S : struct, ISimd<V>
        where V : struct => Best(() =>
        {
            V x = S.Create(0.999f), y = S.Create(1e-3f);
            V a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
            for (int step = 0; step < Steps; step++)
            {
                a = S.MultiplyAdd(a, x, y);
                b = S.MultiplyAdd(b, x, y);
                c = S.MultiplyAdd(c, x, y);
                d = S.MultiplyAdd(d, x, y);
                e = S.MultiplyAdd(e, x, y);
                f = S.MultiplyAdd(f, x, y);
                g = S.MultiplyAdd(g, x, y);
                h = S.MultiplyAdd(h, x, y);
                i = S.MultiplyAdd(i, x, y);
                j = S.MultiplyAdd(j, x, y);
                k = S.MultiplyAdd(k, x, y);
                l = S.MultiplyAdd(l, x, y);
            }

            float* lanes = stackalloc float[S.Count];
            S.Store(lanes, S.Add(S.Add(S.Add(a, b), S.Add(c, d)), S.Add(S.Add(e, f), S.Add(S.Add(g, h), S.Add(S.Add(i, j), S.Add(k, l))))));
            return *lanes;
        }, 2.0 * Chains * Steps * S.Count);

    /// <summary>Bytes per second of the triad, 24 per element (what is written is not counted twice), with so many threads.</summary>
    public static double Bandwidth(int threads)
    {
        using var pool = new WorkerPool(threads);
        using NativeBuffer<double> a = new(TriadLength), b = new(TriadLength), c = new(TriadLength);
        a.Clear();
        b.Span.Fill(1);
        c.Span.Fill(2);
        double* to = a.Pointer, left = b.Pointer, right = c.Pointer;
        WorkerPool.Body triad = (begin, end, _) =>
        {
            Vector256<double> factor = Vector256.Create(0.5);
            for (int i = begin; i + Vector256<double>.Count <= end; i += Vector256<double>.Count)
                Vector256.FusedMultiplyAdd(factor, Vector256.Load(right + i), Vector256.Load(left + i)).StoreAlignedNonTemporal(to + i);
        };
        return Best(() =>
        {
            pool.Run(TriadLength, TriadLength / (4 * threads), triad);
            return to[TriadLength / 2];
        }, 24.0 * TriadLength);
    }

    private static double Best(Func<double> run, double amount)
    {
        double best = double.MaxValue, sum = run();
        for (int window = 0; window < Windows; window++)
        {
            long start = Stopwatch.GetTimestamp();
            sum += run();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return double.IsNaN(sum) ? double.NaN : amount / best;
    }
}
