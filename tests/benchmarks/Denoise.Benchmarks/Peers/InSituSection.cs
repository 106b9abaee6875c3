namespace Denoise.Benchmarks;

/// <summary>
/// What fix denoise costs a simulation: copper with an embedded-atom potential, a call of eight iterations every thousand steps.
/// The share is the sum of the fix's own seconds over the loop time; beside it LAMMPS's section Modify, in which the integration
/// is as well. Calls before the loop are not counted on either side.
/// </summary>
internal sealed class InSituSection(Report report)
{
    private const int Every = 1000;
    private const int Calls = 2;
    private const int Cells = 10;

    public void Measure()
    {
        report.Begin("in-situ", $"In situ: fix denoise every {Every} steps in EAM copper, 8 iterations.");
        string program = Path.Combine(ReferenceFolder.Build, "bin", "lmp-denoise");
        if (!File.Exists(program) || !LammpsInputs.HasPotential)
        {
            Report.Say($"  left out: it needs {program} (./build.sh build) and Debian's lammps-data");
            return;
        }

        foreach (string model in (string[])[ReferenceFolder.MetalsModel, ReferenceFolder.CopperModel])
            if (File.Exists(model))
                for (int ranks = 1; ranks <= 2; ranks++)
                    Measure(program, model, ranks);
    }

    private void Measure(string program, string model, int ranks)
    {
        var run = LammpsRun.Of(program, LammpsInputs.Copper(Cells, Calls * Every, model, Every), ranks);
        double[] seconds = run.Values("SECONDS");
        if (seconds.Length < Calls)
            throw new InvalidOperationException($"fix denoise reported {seconds.Length} calls, expected {Calls}");
        double sum = seconds.TakeLast(Calls).Sum(), share = sum / run.LoopSeconds, modify = run.Section("Modify") / run.LoopSeconds;
        Report.Say($"  {Path.GetFileName(model)}, {ranks} ranks, {run.Atoms:n0} atoms: {share:p2} of the run ({sum / Calls * 1e3:f1} ms per call, ",
            $"{run.LoopSeconds / run.Steps * 1e3:f3} ms per step), Modify {modify:p2}; ",
            $"{run.ProcessorFraction:p0} of a core each, {run.Ghosts:n0} ghosts per rank");
        report.Add(("model", Path.GetFileName(model)), ("ranks", ranks), ("atoms", run.Atoms), ("steps", run.Steps), ("share", share), ("modify_share", modify),
            ("seconds_per_call", sum / Calls), ("seconds_per_step", run.LoopSeconds / run.Steps),
            ("cpu_fraction", run.ProcessorFraction), ("ghosts_per_rank", run.Ghosts));
    }
}
