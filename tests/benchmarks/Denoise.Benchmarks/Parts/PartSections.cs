namespace Denoise.Benchmarks;

/// <summary>The parts one by one, and over threads.</summary>
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

    private IEnumerable<Part> Selected(IEnumerable<Part> parts) => parts.Where(options.Selects);
}
