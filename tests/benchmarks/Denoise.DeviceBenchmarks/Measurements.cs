using System.Diagnostics;
using System.Numerics;
using Denoise.Atoms.Threading;
using Denoise.Devices;
using Denoise.Devices.Arguments;
using Denoise.Neighbors;
using Denoise.Neighbors.Device;
using Denoise.Networks.Engines.Device;
using Denoise.Networks.Engines.Simd;
using Denoise.Networks.Models;
using Denoise.Parallel;
using Denoise.Structure;
using Denoise.Structure.Device;

namespace Denoise.DeviceBenchmarks;

/// <summary>What is measured, each after a comparison with the processor's code.</summary>
internal sealed unsafe class Measurements(Device device, WorkerPool pool, NequipModel network)
{
    private const int Repeats = 9;

    // Å: between the third and the fourth shell of the crystal, 42 neighbors.
    private const double ListCutoff = 4.75;

    public void Run(int[] sizes)
    {
        Ceilings();
        int check = Math.Min(sizes[0], 100_000);
        CheckList("fcc", 3.61, check);
        foreach (double noise in (ReadOnlySpan<double>)[0, 0.1, 0.25])
        {
            CheckAdaptive("fcc", 3.61, check, noise);
            CheckAdaptive("bcc", 2.87, check, noise);
        }

        CheckNetwork(check);
        foreach (int size in sizes)
        {
            TimeList(size);
            TimeAdaptive("fcc", 3.61, size);
            TimeNetwork(size);
        }
    }

    private void Ceilings()
    {
        const int Values = 1 << 26;
        using var source = new DeviceMemory<Vector4>(device);
        using var target = new DeviceMemory<Vector4>(device);
        int values = (int)Math.Min(Values, device.Info.MemoryBytes / 256);
        source.Resize(values);
        target.Resize(values);
        source.Clear();
        Kernel copy = device.Load("copy"), multiplyAdd = device.Load("multiply-add");
        double seconds = Median(() => device.Launch(copy, values, new AtomArguments { Atoms = values }, source.View, target.View));
        Console.WriteLine($"copy            {32.0 * values / seconds / 1e9:f0} GB/s, bytes read and written");

        int threads = device.ThreadsWanted * 8, turns = device.Info.Kind == DeviceKind.Cuda ? 2000 : 20;
        AtomArguments arguments = new() { Count = turns, Atoms = 4 * values - 2 };
        seconds = Median(() => device.Launch(multiplyAdd, threads, arguments, target.As<float>()));
        Console.WriteLine($"multiply-add    {64.0 * threads * turns / seconds / 1e12:f2} TFLOP/s, single precision");
    }

    private void CheckList(string structure, double lattice, int size)
    {
        using Sample sample = new(device, pool, structure, lattice, size, 0.1, ListCutoff + 0.1);
        using var onDevice = new DeviceNeighborList(device);
        using var builder = new NeighborListBuilder(pool);
        using var expected = new NeighborList();
        onDevice.Build(sample.OnDevice, sample.Shell.LocalCount, sample.Bounds, ListCutoff);
        builder.Build(sample.Shell.View, ListCutoff, expected);
        int[] lengths = new int[sample.Shell.LocalCount], rows = new int[(long)sample.Shell.LocalCount * onDevice.Stride];
        onDevice.Lengths.Read(lengths);
        onDevice.List.Read(rows);
        int wrong = 0;
        for (int i = 0; i < lengths.Length; i++)
        {
            int[] found = rows.AsSpan(i * onDevice.Stride, lengths[i]).ToArray();
            int[] row = new ReadOnlySpan<int>(expected[i].Indices, expected[i].Count).ToArray();
            Array.Sort(found);
            Array.Sort(row);
            wrong += found.AsSpan().SequenceEqual(row) ? 0 : 1;
        }

        Console.WriteLine($"neighbor list   {wrong} of {lengths.Length} rows differ from the processor's, " +
            $"{expected.PairCount / (double)lengths.Length:f1} neighbors");
    }

    private void CheckAdaptive(string structure, double lattice, int size, double noise)
    {
        using Sample sample = new(device, pool, structure, lattice, size, noise, 7);
        using var onDevice = new DeviceAdaptiveAnalysis(device);
        using var types = new DeviceMemory<int>(device);
        using var analysis = new AdaptiveCommonNeighborAnalysis(pool);
        int[] found = new int[sample.Shell.LocalCount], expected = new int[found.Length];
        onDevice.Identify(sample.OnDevice, found.Length, sample.Bounds, 7, types);
        types.Read(found);
        fixed (int* pointer = expected)
            analysis.Identify(sample.Shell.View, 7, pointer);
        int wrong = found.Zip(expected, (a, b) => a == b ? 0 : 1).Sum(), named = expected.Count(type => type != 0);
        Console.WriteLine($"adaptive CNA    {wrong} of {found.Length} labels differ, {structure} with noise {noise} Å, " +
            $"{100.0 * named / found.Length:f1}% named");
    }

    private void CheckNetwork(int size)
    {
        using Sample sample = new(device, pool, "fcc", 3.61 * 0.97, size, 0.1, network.Config.Cutoff + 0.4);
        using var builder = new NeighborListBuilder(pool);
        using var neighbors = new NeighborList();
        builder.Build(sample.Shell.View, network.Config.Cutoff + 0.4, neighbors);
        using var onDevice = new DeviceEngine(device, network);
        using var engine = new SimdEngine(network, pool);
        int length = network.Output.Dimension * sample.Shell.LocalCount;
        float[] found = new float[length], expected = new float[length];
        int[] species = new int[sample.Shell.LocalCount + sample.Shell.GhostCount];
        var halo = new ShellHalo(sample.Shell);
        fixed (float* f = found, e = expected)
        fixed (int* s = species)
        {
            onDevice.Evaluate(sample.Shell.View, s, neighbors, halo, &f);
            engine.Evaluate(sample.Shell.View, s, neighbors, halo, &e);
        }

        double largest = found.Zip(expected, (a, b) => Math.Abs((double)a - b)).Max();
        Console.WriteLine($"denoiser        largest difference to the SIMD engine {largest:e1} Å, " +
            $"largest prediction {expected.Max(Math.Abs):f3} Å");
    }

    private void TimeList(int size)
    {
        using Sample sample = new(device, pool, "fcc", 3.61, size, 0.1, ListCutoff + 0.1);
        using var list = new DeviceNeighborList(device);
        double seconds = Median(() => list.Build(sample.OnDevice, sample.Shell.LocalCount, sample.Bounds, ListCutoff));
        int[] lengths = new int[sample.Shell.LocalCount];
        list.Lengths.Read(lengths);
        Report("neighbor list", sample, seconds,
            $"{lengths.Average():f1} neighbors, sort included, {list.MemoryBytes / lengths.Length} B/atom");
    }

    private void TimeAdaptive(string structure, double lattice, int size)
    {
        using Sample sample = new(device, pool, structure, lattice, size, 0.1, 5.0);
        using var analysis = new DeviceAdaptiveAnalysis(device);
        using var types = new DeviceMemory<int>(device);
        double seconds = Median(() => analysis.Identify(sample.OnDevice, sample.Shell.LocalCount, sample.Bounds, 5.0, types));
        Report("adaptive CNA", sample, seconds, $"search included, {analysis.LeftOver()} atoms in double precision");
    }

    private void TimeNetwork(int size)
    {
        using Sample sample = new(device, pool, "fcc", 3.61 * 0.97, size, 0.1, network.Config.Cutoff + 0.4);
        using var list = new DeviceNeighborList(device);
        list.Build(sample.OnDevice, sample.Shell.LocalCount, sample.Bounds, network.Config.Cutoff + 0.4);
        int[] lengths = new int[sample.Shell.LocalCount];
        list.Lengths.Read(lengths);
        using var graph = new DeviceGraph(device, sample.OnDevice, list.List, list.Lengths)
        {
            LocalCount = sample.Shell.LocalCount,
            Count = sample.Shell.LocalCount + sample.Shell.GhostCount,
            LargestRow = list.LargestRow,
            ListStride = list.Stride,
            HasOwners = true,
        };
        graph.Species.Resize(graph.Count);
        graph.Species.Clear();
        graph.Owners.Resize(sample.Shell.GhostCount);
        graph.Owners.Write(sample.Shell.Owners.Pointer, sample.Shell.GhostCount);
        using var engine = new DeviceNetwork(device, network);
        using var output = new DeviceMemory<float>(device);
        var halo = new ShellHalo(sample.Shell);
        foreach (int chunk in (ReadOnlySpan<int>)[1 << 14, 1 << 15, 1 << 16, 1 << 17, 1 << 18])
        {
            engine.LongestChunk = chunk;
            if (device.Info.Kind == DeviceKind.Cuda && chunk <= graph.LocalCount)
                Report("denoiser", sample, Median(() => engine.Evaluate(graph, halo, output)), $"chunks of {chunk}");
        }

        engine.LongestChunk = 0;
        double seconds = Median(() => engine.Evaluate(graph, halo, output));
        TimeProcessor(sample);
        long bytes = engine.MemoryBytes + graph.MemoryBytes + list.MemoryBytes + output.CapacityBytes + sample.OnDevice.CapacityBytes;
        Report("denoiser", sample, seconds, $"{lengths.Average():f1} listed neighbors, {bytes / (double)graph.LocalCount:f0} B/atom");
    }

    /// <summary>The same network on the same atoms by the SIMD engine, for the ratio.</summary>
    private void TimeProcessor(Sample sample)
    {
        using var builder = new NeighborListBuilder(pool);
        using var neighbors = new NeighborList();
        builder.Build(sample.Shell.View, network.Config.Cutoff + 0.4, neighbors);
        using var engine = new SimdEngine(network, pool);
        var halo = new ShellHalo(sample.Shell);
        float[] output = new float[3 * sample.Shell.LocalCount];
        int[] species = new int[sample.Shell.LocalCount + sample.Shell.GhostCount];
        fixed (float* o = output)
        fixed (int* s = species)
        {
            double[] seconds = new double[4];
            for (int k = 0; k < seconds.Length; k++)
            {
                long start = Stopwatch.GetTimestamp();
                engine.Evaluate(sample.Shell.View, s, neighbors, halo, &o);
                seconds[k] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            }

            Array.Sort(seconds, 1, seconds.Length - 1);
            Report("denoiser, SIMD", sample, seconds[2], $"{pool.Count} threads, {(int)engine.Width} bits");
        }
    }

    private static void Report(string what, Sample sample, double seconds, string more) =>
        Console.WriteLine($"{what,-15} {sample.Shell.LocalCount / seconds / 1e6,7:f1} M atoms/s, {sample.Shell.LocalCount} atoms, " +
            $"{seconds * 1e3:f2} ms ({more})");

    private double Median(Action action)
    {
        action();
        double[] seconds = new double[device.Info.Kind == DeviceKind.Cuda ? Repeats : 3];
        for (int k = 0; k < seconds.Length; k++)
        {
            device.Mark(0);
            action();
            device.Mark(1);
            seconds[k] = device.Seconds();
        }

        Array.Sort(seconds);
        return seconds[seconds.Length / 2];
    }
}
