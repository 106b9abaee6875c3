using System.Diagnostics;
using System.Globalization;
using Denoise.Benchmarks;
using Denoise.Networks.Engines.Simd;
using Denoise.Structure;

// Denoise.Benchmarks [filter]: measures the benchmarks whose name contains the filter. DENOISE_BENCH_ATOMS and
// DENOISE_BENCH_THREADS set the size (default 500,000) and the number of threads (default 1).
// "per CPU-s" is the mean rate per second of processor time: what to read on a machine that others use as well.
const int Runs = 7;
string filter = args.Length > 0 ? args[0] : "";
int size = Setting("DENOISE_BENCH_ATOMS", 500_000), threads = Setting("DENOISE_BENCH_THREADS", 1);

Func<Benchmark>[] benchmarks =
[
    () => new NeighborListBenchmark(Crystal.Fcc, size, threads),
    () => new NeighborListBenchmark(Crystal.Bcc, size, threads),
    () => new NearestNeighborBenchmark(Crystal.Fcc, size, threads),
    () => new NearestNeighborBenchmark(Crystal.Bcc, size, threads),
    () => new StructureBenchmark("cna", Crystal.Fcc, size, threads, (pool, crystal) => new CommonNeighborAnalysis(pool, crystal.CnaCutoff)),
    () => new StructureBenchmark("cna", Crystal.Bcc, size, threads, (pool, crystal) => new CommonNeighborAnalysis(pool, crystal.CnaCutoff)),
    () => new StructureBenchmark("adaptive-cna", Crystal.Fcc, size, threads, (pool, _) => new AdaptiveCommonNeighborAnalysis(pool)),
    () => new StructureBenchmark("adaptive-cna", Crystal.Bcc, size, threads, (pool, _) => new AdaptiveCommonNeighborAnalysis(pool)),
    () => new NetworkBenchmark("metals", NetworkBenchmark.Metals, SimdWidth.Bits256, size, threads),
    () => new NetworkBenchmark("metals", NetworkBenchmark.Metals, SimdWidth.Bits512, size, threads),
    () => new NetworkBenchmark("ice", NetworkBenchmark.Ice, SimdWidth.Bits256, size, threads),
    () => new NetworkBenchmark("ice", NetworkBenchmark.Ice, SimdWidth.Bits512, size, threads),
];

Console.WriteLine($"{"benchmark",-20} {"atoms",10} {"atoms/s",12} {"best",12} {"per CPU-s",12} {"managed B",10} {"B/atom",8}  result");
foreach (Func<Benchmark> create in benchmarks)
{
    using Benchmark benchmark = create();
    if (!benchmark.Name.Contains(filter, StringComparison.OrdinalIgnoreCase))
        continue;
    benchmark.Prepare();
    benchmark.Run();
    benchmark.Run();
    double[] seconds = new double[Runs];
    long before = GC.GetTotalAllocatedBytes(precise: true);
    TimeSpan processor = Environment.CpuUsage.TotalTime;
    for (int run = 0; run < Runs; run++)
    {
        long start = Stopwatch.GetTimestamp();
        benchmark.Run();
        seconds[run] = Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    double processorSeconds = (Environment.CpuUsage.TotalTime - processor).TotalSeconds / Runs;
    long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
    Array.Sort(seconds);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{benchmark.Name,-20} {benchmark.Atoms,10:n0} "
        + $"{benchmark.Atoms / seconds[Runs / 2],12:n0} {benchmark.Atoms / seconds[0],12:n0} {benchmark.Atoms / processorSeconds,12:n0} {allocated,10:n0} "
        + $"{(double)benchmark.MemoryBytes / benchmark.Atoms,8:n1}  {benchmark.Result}"));
}

static int Setting(string name, int otherwise) =>
    int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int value) ? value : otherwise;
