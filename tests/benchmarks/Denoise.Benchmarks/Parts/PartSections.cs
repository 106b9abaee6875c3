namespace Denoise.Benchmarks;

/// <summary>The parts one by one, over threads and over sizes.</summary>
internal sealed class PartSections(Report report, CorePeaks peaks, BenchmarkOptions options)
{
    private readonly PartTable _table = new(report, peaks);
    private readonly Part[] _parts = [.. Part.List(options.Models)];

    public void MeasureParts()
    {
        report.Begin("parts", "Parts, one thread. B/atom is held; flop and moved bytes are per atom, counted from the algorithm, %FMA and %mem their shares.");
        PartTable.Header();
        foreach (Part part in Selected(_parts))
            _table.Line(part.Name, 1, part.VectorBits, Measurement.Of(() => part.Create(options.Atoms, 1), options.Seconds));
    }

    /// <summary>Two threads against one, taken in turns.</summary>
    public void MeasureThreads()
    {
        report.Begin("threads", "Threads: wall time of one over that of two; on a loaded machine, see how processor time grows.");
        foreach (Part part in Selected(_parts.Where(part => part.Scales && part.Name != "dump read")))
        {
            Measurement one = Measurement.Of(() => part.Create(options.Atoms, 1), options.Seconds);
            Measurement two = Measurement.Of(() => part.Create(options.Atoms, 2), options.Seconds);
            double speedup = one.Seconds / two.Seconds, best = one.BestSeconds / two.BestSeconds;
            double processor = two.ProcessorSeconds / one.ProcessorSeconds;
            Report.Say($"{part.Name,-28} {one.Atoms,10:n0} atoms  speedup {speedup,5:f2}, of the best runs {best,5:f2}, ",
                $"processor time x {processor:f2}");
            report.Add(("part", part.Name), ("atoms", one.Atoms), ("speedup", speedup), ("speedup_of_best", best),
                ("processor_time_growth", processor));
        }
    }

    /// <summary>Time per atom over the number of atoms.</summary>
    public void MeasureSizes()
    {
        report.Begin("sizes", "Sizes: processor time per atom, and over that at the smallest size.");
        int[] sizes = [10_000, 100_000, 1_000_000, .. options.Large ? (int[])[10_000_000] : []];
        foreach (Part part in Selected(_parts.Where(part => part.Scales)))
        {
            double first = 0;
            foreach (int size in sizes)
            {
                Measurement m = Measurement.Of(() => part.Create(size, 1), options.Seconds);
                double perAtom = m.ProcessorSeconds / m.Atoms;
                first = first == 0 ? perAtom : first;
                Report.Say($"{part.Name,-28} {m.Atoms,10:n0} atoms {1e9 * perAtom,9:n1} ns per atom, x {perAtom / first:f2}, ",
                    $"{(double)m.MemoryBytes / m.Atoms:f0} bytes per atom");
                report.Add(("part", part.Name), ("atoms", m.Atoms), ("cpu_ns_per_atom", 1e9 * perAtom), ("growth", perAtom / first),
                    ("bytes_per_atom", (double)m.MemoryBytes / m.Atoms));
            }
        }
    }

    private IEnumerable<Part> Selected(IEnumerable<Part> parts) =>
        parts.Where(part => part.Name.Contains(options.Filter, StringComparison.OrdinalIgnoreCase));
}
