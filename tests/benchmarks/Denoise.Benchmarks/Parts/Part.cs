using System.Runtime.Intrinsics;
using Denoise.Networks.Engines.Simd;

namespace Denoise.Benchmarks;

/// <summary>A hot part of the program at any size and number of threads.</summary>
/// <param name="Name">of the benchmark</param>
/// <param name="VectorBits">that it uses</param>
/// <param name="Create">makes the benchmark from atoms and threads</param>
/// <param name="Scales">what it is measured over too</param>
/// <param name="CreateShort">makes what is measured over sizes instead, where a call of the whole lasts minutes</param>
internal sealed record Part(
    string Name, int VectorBits, Func<int, int, Benchmark> Create, Scales Scales = Scales.None, Func<int, int, Benchmark>? CreateShort = null)
{
    private static int Widest => Vector512.IsHardwareAccelerated ? 512 : 256;

    /// <summary>All that can be measured here: 512-bit lines and the frame with the published network only where they exist.</summary>
    /// <param name="models">files of networks; the first is measured over threads and sizes too</param>
    public static IEnumerable<Part> List(IReadOnlyList<string> models)
    {
        foreach (Crystal crystal in (Crystal[])[Crystal.Fcc, Crystal.Bcc])
            yield return new($"neighbor list {crystal.Name}", Widest, (n, t) => new NeighborListBenchmark(crystal, n, t),
                crystal == Crystal.Fcc ? Scales.Both : Scales.None);
        yield return new("nearest 14 fcc", Widest, (n, t) => new NearestNeighborBenchmark(Crystal.Fcc, n, t));
        foreach (Crystal crystal in (Crystal[])[Crystal.Fcc, Crystal.Bcc])
            yield return new($"fixed CNA {crystal.Name}", Widest, (n, t) => StructureBenchmark.Fixed(crystal, n, t));
        foreach (Crystal crystal in (Crystal[])[Crystal.Fcc, Crystal.Bcc])
            yield return new($"adaptive CNA {crystal.Name}", Widest, (n, t) => StructureBenchmark.Adaptive(crystal, n, t),
                crystal == Crystal.Fcc ? Scales.Both : Scales.Threads);
        MeasuredNetwork[] own = [.. models.Select(MeasuredNetwork.Load)];
        foreach (MeasuredNetwork network in (MeasuredNetwork[])[.. own, .. MeasuredNetwork.Published])
            foreach (SimdWidth width in (SimdWidth[])[SimdWidth.Bits256, SimdWidth.Bits512])
                if (width == SimdWidth.Bits256 || Vector512.IsHardwareAccelerated)
                    yield return new($"network {network.Name}, {(int)width} bits", (int)width,
                        (n, t) => new NetworkBenchmark(network, width, n, t), network == own[0] && width == network.Width ? Scales.Both : Scales.None);
        foreach (string path in models)
            yield return new($"frame, {Path.GetFileName(path)}", Widest, (n, t) => new SessionBenchmark(path, n, t),
                path == models[0] ? Scales.Both : Scales.None,
                (n, t) => new SessionBenchmark(path, n, t, iterations: 2));
        yield return new($"frame of 8 iterations, {Path.GetFileName(models[0])}", Widest,
            (n, t) => new SessionBenchmark(models[0], n, t, iterations: 8));
        if (File.Exists(ReferenceFolder.CopperModel))
            yield return new("frame, Cu-denoiser.pt", Widest, (n, t) => new SessionBenchmark(ReferenceFolder.CopperModel, n, t));
        yield return new("frame, analysis only", Widest, (n, t) => new SessionBenchmark(null, n, t));
        yield return new("map images fcc", Widest, (n, _) => new MapImageBenchmark(Crystal.Fcc, n));
        yield return new("map network", Widest, (n, _) => new MapNetworkBenchmark(ReferenceFolder.LatticeMap, Math.Min(n, 4096)));
        yield return new("training step, small", Widest,
            (n, t) => new TrainingBenchmark(MeasuredNetwork.SmallConfig, Math.Min(n, 16_384), t), Scales.Threads);
        yield return new("dump write", Widest, (n, _) => new DumpBenchmark(reads: false, n));
        yield return new("dump read", Widest, (n, _) => new DumpBenchmark(reads: true, n), Scales.Sizes);
    }
}
