using System.Diagnostics;

namespace Denoise.Benchmarks;

/// <summary>Calls of a benchmark one after the other.</summary>
/// <param name="Calls">how many</param>
/// <param name="Seconds">wall time of all</param>
/// <param name="ProcessorPerAtom">mean processor time of a call over its atoms, seconds</param>
/// <param name="BestPerAtom">mean wall time of a call over its atoms, seconds; of several turns the shortest</param>
internal sealed record Turn(int Calls, double Seconds, double ProcessorPerAtom, double BestPerAtom)
{
    /// <summary>Calls it until the time is used up, at least once.</summary>
    public static Turn Of(Benchmark benchmark, double seconds)
    {
        int calls = 0;
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        double elapsed;
        do
        {
            benchmark.Run();
            calls++;
            elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        while (elapsed < seconds);
        double perCall = (Environment.CpuUsage.TotalTime - processor).TotalSeconds / calls;
        return new(calls, elapsed, perCall / benchmark.Atoms, elapsed / calls / benchmark.Atoms);
    }

    /// <summary>Of one benchmark.</summary>
    public static Turn Union(IReadOnlyList<Turn> turns) => new(
        turns.Sum(turn => turn.Calls),
        turns.Sum(turn => turn.Seconds),
        turns.Sum(turn => turn.Calls * turn.ProcessorPerAtom) / turns.Sum(turn => turn.Calls),
        turns.Min(turn => turn.BestPerAtom));
}
