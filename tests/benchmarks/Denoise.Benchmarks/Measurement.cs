using System.Diagnostics;

namespace Denoise.Benchmarks;

/// <summary>Several runs of one benchmark.</summary>
/// <param name="Atoms">per run</param>
/// <param name="Seconds">median wall time of a run</param>
/// <param name="BestSeconds">shortest wall time of a run</param>
/// <param name="ProcessorSeconds">mean processor time of a run, all threads together: what a loaded machine hardly changes</param>
/// <param name="AllocatedBytes">managed bytes per run</param>
/// <param name="MemoryBytes">native bytes held</param>
/// <param name="Work">of an atom</param>
/// <param name="Result">shows that the work was done</param>
/// <param name="Details">further figures by name</param>
internal sealed record Measurement(
    long Atoms, double Seconds, double BestSeconds, double ProcessorSeconds, double AllocatedBytes, long MemoryBytes, Work? Work,
    string Result, IReadOnlyList<(string Key, object? Value)> Details)
{
    private const int FewestRuns = 3;

    public double Rate => Atoms / Seconds;

    public double BestRate => Atoms / BestSeconds;

    /// <summary>Atoms per second of processor time.</summary>
    public double ProcessorRate => Atoms / ProcessorSeconds;

    /// <summary>Runs twice unmeasured, then until the time is used up, at least three times.</summary>
    /// <param name="create">makes the benchmark</param>
    /// <param name="seconds">to spend on measured runs</param>
    public static Measurement Of(Func<Benchmark> create, double seconds)
    {
        using Benchmark benchmark = create();
        benchmark.Prepare();
        benchmark.Run();
        benchmark.Run();
        return Of(benchmark, seconds);
    }

    /// <summary>The same of one that is prepared and warm.</summary>
    public static Measurement Of(Benchmark benchmark, double seconds)
    {
        var runs = new List<double>(64);
        long allocated = 0;
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long begin = Stopwatch.GetTimestamp();
        while (runs.Count < FewestRuns || (Stopwatch.GetElapsedTime(begin).TotalSeconds < seconds && runs.Count < 64))
        {
            long before = GC.GetTotalAllocatedBytes(precise: true), start = Stopwatch.GetTimestamp();
            benchmark.Run();
            runs.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            allocated += GC.GetTotalAllocatedBytes(precise: true) - before;
        }

        double processorSeconds = (Environment.CpuUsage.TotalTime - processor).TotalSeconds / runs.Count;
        runs.Sort();
        return new(benchmark.Atoms, runs[runs.Count / 2], runs[0], processorSeconds, (double)allocated / runs.Count,
            benchmark.MemoryBytes, benchmark.Work, benchmark.Result, [.. benchmark.Details]);
    }
}
