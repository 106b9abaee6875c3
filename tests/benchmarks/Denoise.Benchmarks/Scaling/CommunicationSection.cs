using Denoise.Atoms;
using Denoise.InSitu;
using Denoise.Networks.Models;
using Denoise.Parallel.Decomposition;

namespace Denoise.Benchmarks;

/// <summary>Counts what ranks send during a frame, holds it against the formula, and extrapolates with the latter.</summary>
internal sealed class CommunicationSection(Report report)
{
    private const int Atoms = 32_000;
    private const double Range = 7; // Å, of the ghosts

    /// <summary>Whether everything that was counted is what the formula says.</summary>
    public bool Measure()
    {
        report.Begin("communication",
            $"Communication of one frame of {Atoms:n0} atoms, ghosts out to {Range} Å: counted, and by the formula.");
        NequipModel model = NequipModel.CreateRandom(PublishedNetworks.Copper, seed: 1);
        bool isRight = true;
        foreach (int ranks in (int[])[1, 2, 4])
            foreach (int iterations in (int[])[1, 8])
                isRight &= Count(model, ranks, iterations);
        Extrapolation.Print(report, new(model.Layers.Count, Width(model)), Range);
        return isRight;
    }

    private static int Width(NequipModel model)
    {
        using var session = new Session(new SessionOptions { Model = model });
        return session.Info.HaloWidthSingle;
    }

    private bool Count(NequipModel model, int size, int iterations)
    {
        var (positions, box) = Crystal.Fcc.Rattled(Atoms);
        var counted = new Counts[size];
        using var ranks = new ThreadRanks(size);
        ranks.Run(rank => counted[rank.Rank] = Process(rank, model, iterations, positions, box));
        int width = Width(model), wrong = 0;
        var formula = new CommunicationFormula(model.Layers.Count, width);
        foreach (Counts c in counted)
            if (c.Bytes != formula.Bytes(c.Remote, iterations) || c.Messages != formula.Messages(c.Neighbors, iterations)
                || (size > 1 && c.Reductions != CommunicationFormula.Reductions(iterations)))
                wrong++;
        Counts first = counted[0];
        Report.Say($"  {size} ranks, {iterations} iterations: rank 0 has {first.Local:n0} atoms and {first.Ghosts:n0} ghosts, ",
            $"sends {first.Remote:n0} rows, {first.Messages} messages, {first.Bytes / 1e6:f2} MB, {first.Reductions} reductions; ",
            $"{(wrong == 0 ? "equal to the formula on every rank" : $"NOT the formula on {wrong} ranks")}");
        report.Add(("ranks", size), ("iterations", iterations), ("atoms_rank_0", first.Local), ("ghosts_rank_0", first.Ghosts),
            ("rows_sent_rank_0", first.Remote), ("messages_rank_0", first.Messages), ("bytes_rank_0", first.Bytes),
            ("reductions", first.Reductions), ("feature_width", width), ("equals_formula", wrong == 0));
        return wrong == 0;
    }

    private static unsafe Counts Process(ThreadRank rank, NequipModel model, int iterations, double[] positions, Box box)
    {
        using var domains = new DomainDecomposition(rank);
        fixed (double* r = positions)
        {
            if (rank.Rank == 0)
                domains.Plan(box, r, positions.Length / 3);
            domains.Scatter(r, null, null);
        }

        domains.BuildGhosts(Range);
        using var session = new Session(
            new SessionOptions { Model = model, MaxIterations = iterations, Tolerance = -1, Threads = 1 }, rank);
        // One exchange of one float per ghost tells how many atoms go to how many others.
        rank.ResetCounts();
        float[] row = new float[domains.LocalCount + domains.GhostCount];
        fixed (float* rows = row)
            domains.Halo.Forward(rows, 1);
        var (neighbors, remote) = ((int)rank.Messages, rank.Bytes / sizeof(float));
        rank.ResetCounts();
        session.Process(new FrameInput
        {
            LocalCount = domains.LocalCount,
            Positions = domains.Positions.Span,
            Types = domains.Types.Span,
            Ids = domains.Ids.Span,
            GhostCutoff = Range,
            Halo = domains.Halo,
        });
        return new(domains.LocalCount, domains.GhostCount, remote, neighbors, rank.Messages, rank.Bytes, rank.Reductions);
    }

    /// <summary>Of one rank, which sends <paramref name="Remote"/> rows in an exchange to <paramref name="Neighbors"/> others.</summary>
    private sealed record Counts(int Local, int Ghosts, long Remote, int Neighbors, long Messages, long Bytes, long Reductions);
}
