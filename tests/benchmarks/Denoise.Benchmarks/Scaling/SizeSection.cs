namespace Denoise.Benchmarks;

/// <summary>
/// Time per atom over the number of atoms. What a machine's other users leave of it changes from minute to minute by more than the
/// sizes differ: every size therefore takes turns with the smallest one, and the growth is the ratio within these turns.
/// </summary>
internal sealed class SizeSection(Report report, BenchmarkOptions options)
{
    // A call that lasts longer is measured once.
    private const double LongCall = 10;

    private const int LeastTurns = 3;

    private static readonly int[] Sizes = [10_000, 100_000, 1_000_000, 10_000_000];

    private double TurnSeconds => options.Seconds / 4;

    public void Measure()
    {
        report.Begin("sizes",
            "Sizes, one thread: processor time per atom, and growth over the smallest size, by turns: processor time; best wall time.");
        foreach (Part part in Part.List(options.Models).Where(part => part.Scales.HasFlag(Scales.Sizes) && options.Selects(part)))
        {
            Func<int, int, Benchmark> create = part.CreateShort ?? part.Create;
            using Benchmark small = create(Sizes[0], 1);
            small.Prepare();
            small.Run();
            foreach (int size in options.Large ? Sizes : Sizes[..^1])
                Compare(part, small, size == Sizes[0] ? small : create(size, 1));
        }
    }

    private void Compare(Part part, Benchmark small, Benchmark large)
    {
        if (large != small)
            large.Prepare();
        // The first call finds its memory, page after page.
        int turns = Turn.Of(large, 0).Seconds > LongCall ? 1 : LeastTurns;
        List<Turn> ofSmall = [Turn.Of(small, TurnSeconds)], ofLarge = [];
        while (ofLarge.Count < turns || (turns > 1 && ofLarge.Sum(turn => turn.Seconds) < options.Seconds))
        {
            ofLarge.Add(Turn.Of(large, TurnSeconds));
            ofSmall.Add(Turn.Of(small, TurnSeconds));
        }

        Report(part, Turn.Union(ofSmall), Turn.Union(ofLarge), large);
        if (large != small)
            large.Dispose();
    }

    private void Report(Part part, Turn small, Turn large, Benchmark benchmark)
    {
        double processor = large.ProcessorPerAtom / small.ProcessorPerAtom, best = large.BestPerAtom / small.BestPerAtom;
        double bytes = (double)benchmark.MemoryBytes / benchmark.Atoms;
        string what = part.CreateShort is null ? "" : $" ({benchmark.Name})";
        Benchmarks.Report.Say($"{part.Name,-28} {benchmark.Atoms,10:n0} atoms {1e9 * large.ProcessorPerAtom,9:n1} ns per atom, ",
            $"x {processor:f2}; best {1e9 * large.BestPerAtom,7:n1}, x {best:f2}; {bytes,4:f0} bytes per atom, {large.Calls} calls{what}");
        report.Add(("part", part.Name), ("benchmark", benchmark.Name), ("atoms", benchmark.Atoms), ("calls", large.Calls),
            ("cpu_ns_per_atom", 1e9 * large.ProcessorPerAtom), ("growth", processor), ("best_ns_per_atom", 1e9 * large.BestPerAtom),
            ("growth_of_best", best), ("bytes_per_atom", bytes));
    }
}
