namespace Denoise.Benchmarks;

/// <summary>
/// Every analysis of the catalog on one thread, its neighbor search included; where LAMMPS has a compute of the kind, in turns with it
/// on as many atoms with the same noise, without and with its neighbor list.
/// </summary>
internal sealed class AnalysisSection(Report report, BenchmarkOptions options)
{
    private const int Turns = 3;
    private const double SecondsPerTurn = 0.4;
    private const int Cells = 30;
    private const int Steps = 8;

    // The analysis, and LAMMPS's compute with one number per atom.
    private static readonly (string Text, string? Compute)[] Rows =
    [
        ("acna", LammpsInputs.Cna), (FormattableString.Invariant($"cna:{Crystal.Fcc.CnaCutoff:f4}"), LammpsInputs.Cna), ("icna", null),
        ("ackland", null), ("diamond", null), ("chill+", null), ("faults", null),
        ("ptm:types=fcc+hcp+bcc+ico", null), ("ptm:types=fcc+hcp+bcc+ico,orientation,deformation,ordering", null),
        ("coordination:3.2", "coord/atom cutoff 3.2"), ("rdf:cutoff=5", "rdf 100"), ("clusters:fcc,cutoff=3.1", "cluster/atom 3.1"),
        ("grains:cutoff=3.1", null), ("steinhardt:l=4+6", "orientorder/atom degrees 2 4 6 nnn 12 cutoff 5.0"),
        ("steinhardt:l=4+6,averaged,solid=7", null), ("centro", LammpsInputs.CentroSymmetry), ("centro:method=matching", LammpsInputs.CentroSymmetry),
        ("msd", "displace/atom"), ("wigner-seitz", null), ("strain:3.1", null), ("average:frames=10", null),
        ("dislocations:structure=fcc,lattice=3.615", null),
    ];

    public void Measure()
    {
        report.Begin("analyses", "Analyses: atoms per second of processor time, one thread, in turns with LAMMPS's compute; ratio = ours / theirs.");
        string program = Path.Combine(ReferenceFolder.Build, "bin", "lmp-denoise");
        string? lammps = File.Exists(program) ? program : null;
        if (lammps is null)
            Report.Say($"  LAMMPS is left out: there is no {program}");
        foreach (var (text, compute) in Rows)
            if (text.Contains(options.Filter, StringComparison.OrdinalIgnoreCase))
                Compare(text, lammps is null ? null : compute, lammps);
    }

    private void Compare(string text, string? compute, string? lammps)
    {
        using AnalysisBenchmark benchmark = new(text, Crystal.Fcc, 4 * Cells * Cells * Cells, 1);
        benchmark.Prepare();
        benchmark.Run();
        double[] ours = new double[Turns], theirs = new double[Turns], withList = new double[Turns];
        for (int turn = 0; turn < Turns; turn++)
        {
            ours[turn] = Measurement.Of(benchmark, SecondsPerTurn).ProcessorRate;
            if (compute is null)
                continue;
            var run = LammpsRun.Of(lammps!, LammpsInputs.Analysis(compute, Cells, Steps));
            theirs[turn] = run.Atoms * run.Steps / (run.Section("Output") * run.ProcessorFraction);
            withList[turn] = run.Atoms * run.Steps / ((run.Section("Output") + run.Section("Neigh")) * run.ProcessorFraction);
        }

        Array.Sort(ours);
        Array.Sort(theirs);
        Array.Sort(withList);
        double our = ours[Turns / 2], their = theirs[Turns / 2], theirWithList = withList[Turns / 2];
        string ratio = $"ratio {our / their:f2}, with its list {our / theirWithList:f2}";
        string peer = compute is null ? "" : $"   {compute,-48} {their,11:n0}   {ratio}";
        Report.Say($"{text,-64} {our,11:n0}", peer);
        report.Add(("analysis", text), ("peer", compute), ("atoms", benchmark.Atoms), ("ours_per_cpu_s", our),
            ("theirs_per_cpu_s", compute is null ? null : their), ("theirs_with_list_per_cpu_s", compute is null ? null : theirWithList));
    }
}
