using System.Diagnostics;
using System.Runtime.Intrinsics;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;

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
    public static double Flops256() => Best(() =>
    {
        Vector256<float> x = Vector256.Create(0.999f), y = Vector256.Create(1e-3f);
        Vector256<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (int step = 0; step < Steps; step++)
        {
            a = Vector256.FusedMultiplyAdd(a, x, y);
            b = Vector256.FusedMultiplyAdd(b, x, y);
            c = Vector256.FusedMultiplyAdd(c, x, y);
            d = Vector256.FusedMultiplyAdd(d, x, y);
            e = Vector256.FusedMultiplyAdd(e, x, y);
            f = Vector256.FusedMultiplyAdd(f, x, y);
            g = Vector256.FusedMultiplyAdd(g, x, y);
            h = Vector256.FusedMultiplyAdd(h, x, y);
            i = Vector256.FusedMultiplyAdd(i, x, y);
            j = Vector256.FusedMultiplyAdd(j, x, y);
            k = Vector256.FusedMultiplyAdd(k, x, y);
            l = Vector256.FusedMultiplyAdd(l, x, y);
        }

        return Vector256.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }, 2.0 * Chains * Steps * Vector256<float>.Count);

    /// <summary>The same with 512-bit vectors; 0 where the processor has none.</summary>
    public static double Flops512() => !Vector512.IsHardwareAccelerated ? 0 : Best(() =>
    {
        Vector512<float> x = Vector512.Create(0.999f), y = Vector512.Create(1e-3f);
        Vector512<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (int step = 0; step < Steps; step++)
        {
            a = Vector512.FusedMultiplyAdd(a, x, y);
            b = Vector512.FusedMultiplyAdd(b, x, y);
            c = Vector512.FusedMultiplyAdd(c, x, y);
            d = Vector512.FusedMultiplyAdd(d, x, y);
            e = Vector512.FusedMultiplyAdd(e, x, y);
            f = Vector512.FusedMultiplyAdd(f, x, y);
            g = Vector512.FusedMultiplyAdd(g, x, y);
            h = Vector512.FusedMultiplyAdd(h, x, y);
            i = Vector512.FusedMultiplyAdd(i, x, y);
            j = Vector512.FusedMultiplyAdd(j, x, y);
            k = Vector512.FusedMultiplyAdd(k, x, y);
            l = Vector512.FusedMultiplyAdd(l, x, y);
        }

        return Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }, 2.0 * Chains * Steps * Vector512<float>.Count);

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
