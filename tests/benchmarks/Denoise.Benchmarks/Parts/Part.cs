using System.Runtime.Intrinsics;
using Denoise.Networks.Engines.Simd;
using Denoise.Structure;

namespace Denoise.Benchmarks;

/// <summary>A hot part of the program at any size and number of threads.</summary>
/// <param name="Name">of the benchmark</param>
/// <param name="VectorBits">that it uses</param>
/// <param name="Create">makes the benchmark from atoms and threads</param>
/// <param name="Scales">whether it is measured over threads and sizes too</param>
internal sealed record Part(string Name, int VectorBits, Func<int, int, Benchmark> Create, bool Scales = false)
{
    private static int Widest => Vector512.IsHardwareAccelerated ? 512 : 256;

    /// <summary>All that can be measured here: 512-bit lines and published networks only where they exist.</summary>
    public static IReadOnlyList<Part> All { get; } = [.. List()];

    private static IEnumerable<Part> List()
    {
        foreach (Crystal crystal in (Crystal[])[Crystal.Fcc, Crystal.Bcc])
            yield return new($"neighbor list {crystal.Name}", Widest, (n, t) => new NeighborListBenchmark(crystal, n, t),
                crystal == Crystal.Fcc);
        yield return new("nearest 14 fcc", Widest, (n, t) => new NearestNeighborBenchmark(Crystal.Fcc, n, t));
        foreach (Crystal crystal in (Crystal[])[Crystal.Fcc, Crystal.Bcc])
            yield return new($"fixed CNA {crystal.Name}", Widest, (n, t) =>
                new StructureBenchmark("cna", crystal, n, t, (pool, c) => new CommonNeighborAnalysis(pool, c.CnaCutoff)));
        foreach (Crystal crystal in (Crystal[])[Crystal.Fcc, Crystal.Bcc])
            yield return new($"adaptive CNA {crystal.Name}", Widest, (n, t) =>
                new StructureBenchmark("adaptive-cna", crystal, n, t, (pool, _) => new AdaptiveCommonNeighborAnalysis(pool)),
                crystal == Crystal.Fcc);
        foreach (var (name, config) in NetworkBenchmark.Architectures)
            foreach (SimdWidth width in (SimdWidth[])[SimdWidth.Bits256, SimdWidth.Bits512])
                if (width == SimdWidth.Bits256 || Vector512.IsHardwareAccelerated)
                    yield return new($"network {name}, {(int)width} bits", (int)width,
                        (n, t) => new NetworkBenchmark(name, config, width, n, t), name == "Cu" && width == NetworkBenchmark.WidthOf(config));
        if (File.Exists(ReferenceFolder.CopperModel))
            yield return new("frame of 8 iterations", Widest, (n, t) => new SessionBenchmark(ReferenceFolder.CopperModel, n, t), true);
        yield return new("training step, small", Widest,
            (n, t) => new TrainingBenchmark(NetworkBenchmark.Small, Math.Min(n, 16_384), t));
        yield return new("dump write", Widest, (n, _) => new DumpBenchmark(reads: false, n));
        yield return new("dump read", Widest, (n, _) => new DumpBenchmark(reads: true, n), true);
    }
}
