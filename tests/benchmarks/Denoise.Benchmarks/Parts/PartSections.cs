namespace Denoise.Benchmarks;

/// <summary>The parts one by one, and over threads.</summary>
internal sealed class PartSections(Report report, CorePeaks peaks, BenchmarkOptions options)
{
    private const int LeastTurns = 5;

    private readonly PartTable _table = new(report, peaks);
    private readonly Part[] _parts = [.. Part.List(options.Models)];

    public void MeasureParts()
    {
        report.Begin("parts", "Parts, one thread. B/atom is held; flop and moved bytes are per atom, counted from the algorithm, %FMA and %mem their shares.");
        PartTable.Header();
        foreach (Part part in Selected(_parts))
            _table.Line(part.Name, 1, part.VectorBits, Measurement.Of(() => part.Create(options.Atoms, 1), options.Seconds));
    }

    /// <summary>Two threads against one, call by call in turns.</summary>
    public void MeasureThreads()
    {
        report.Begin("threads",
            "Threads: wall time of one over that of two, in turns, the median; on a loaded machine, see how processor time grows.");
        foreach (Part part in Selected(_parts.Where(part => part.Scales.HasFlag(Scales.Threads))))
        {
            using Benchmark one = part.Create(options.Atoms, 1), two = part.Create(options.Atoms, 2);
            foreach (Benchmark benchmark in (Benchmark[])[one, two])
            {
                benchmark.Prepare();
                benchmark.Run();
                benchmark.Run();
            }

            List<Turn> ofOne = [], ofTwo = [];
            while (ofOne.Count < LeastTurns || ofOne.Sum(turn => turn.Seconds) < options.Seconds)
            {
                ofOne.Add(Turn.Of(one, 0));
                ofTwo.Add(Turn.Of(two, 0));
            }

            double[] ratios = [.. ofOne.Zip(ofTwo, (a, b) => a.Seconds / b.Seconds).Order()];
            Turn allOne = Turn.Union(ofOne), allTwo = Turn.Union(ofTwo);
            double speedup = ratios[ratios.Length / 2], best = allOne.BestPerAtom / allTwo.BestPerAtom;
            double processor = allTwo.ProcessorPerAtom / allOne.ProcessorPerAtom;
            Report.Say($"{part.Name,-28} {one.Atoms,10:n0} atoms  speedup {speedup,5:f2}, of the best runs {best,5:f2}, ",
                $"processor time x {processor:f2}; two threads {1 / allTwo.BestPerAtom,11:n0} atoms/s at best");
            report.Add(("part", part.Name), ("atoms", one.Atoms), ("speedup", speedup), ("speedup_of_best", best),
                ("processor_time_growth", processor), ("best_atoms_per_s_of_two", 1 / allTwo.BestPerAtom));
        }
    }

    private IEnumerable<Part> Selected(IEnumerable<Part> parts) => parts.Where(options.Selects);
}
