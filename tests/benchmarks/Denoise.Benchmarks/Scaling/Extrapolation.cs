namespace Denoise.Benchmarks;

/// <summary>The formula at sizes that no machine here has, with everything that it rests on printed beside it.</summary>
internal static class Extrapolation
{
    // Assumptions, not measurements. A rank is a core; what a node's network gives each of its 64 ranks.
    private const double Rate = 400_000; // atoms per second, core and iteration, the rest of a frame included
    private const double BytesPerSecond = 0.4e9;
    private const double MessageSeconds = 5e-6;
    private const double ReductionStepSeconds = 3e-6;
    private const int Iterations = 8;
    private const int MessagesPerExchange = 6; // LAMMPS's halo

    public static void Print(Report report, CommunicationFormula formula, double range)
    {
        Report.Say($"  By the formula, for copper, {Iterations} iterations, w = {formula.Width}. ",
            $"Assumed: {Rate:n0} atoms/s per core and iteration, {BytesPerSecond / 1e9:f1} GB/s per rank and ",
            $"{MessageSeconds * 1e6:f0} µs per message, reductions of log2(P) steps of {ReductionStepSeconds * 1e6:f0} µs.");
        foreach (double atoms in (double[])[1e9, 1e12])
            foreach (double perRank in (double[])[1e4, 1e5, 1e6])
            {
                double ranks = atoms / perRank, ghosts = CommunicationFormula.Ghosts(perRank, Crystal.Fcc.Density, range);
                double bytes = formula.Bytes(ghosts, Iterations), messages = formula.Messages(MessagesPerExchange, Iterations);
                double compute = Iterations * perRank / Rate, halo = bytes / BytesPerSecond + messages * MessageSeconds;
                double reductions = CommunicationFormula.Reductions(Iterations) * Math.Log2(ranks) * ReductionStepSeconds;
                double share = (halo + reductions) / (compute + halo + reductions);
                Report.Say($"  {atoms:0e+0} atoms, {perRank:0e+0} per rank, {ranks:0e+0} ranks: {ghosts / perRank:f2} ghosts per atom, ",
                    $"{bytes / 1e6:f1} MB in {messages:f0} messages; compute {compute:f2} s, halo {halo:f2} s, ",
                    $"reductions {reductions * 1e3:f1} ms: {share:p0} communication");
                report.Add(("assumed", true), ("atoms", atoms), ("atoms_per_rank", perRank), ("ghosts_per_atom", ghosts / perRank),
                    ("bytes", bytes), ("messages", messages), ("compute_seconds", compute),
                    ("halo_seconds", halo), ("reduction_seconds", reductions));
            }
    }
}
