using System.Text.Json.Nodes;

namespace Denoise.Benchmarks;

/// <summary>
/// The same work done by others, taken in turns with ours so that both sides see the same machine. Compared is what one second of
/// processor time yields, as the median of the turns.
/// </summary>
internal sealed class PeerSection(Report report)
{
    private const int Turns = 3;
    private const double SecondsPerTurn = 0.4;
    private const int AnalysisCells = 30;
    private const int AnalysisSteps = 8;
    private const int TorchAtoms = 4000;
    private const int CopperCells = 10;

    public void Measure()
    {
        report.Begin("peers", $"Peers: atoms per second of processor time, one thread, in turns; ratio = ours / theirs.");
        int atoms = 4 * AnalysisCells * AnalysisCells * AnalysisCells;
        if (ExternalProgram.Find("lmp") is { } lammps)
        {
            double Analysis(string command)
            {
                var run = LammpsRun.Of(lammps, LammpsInputs.Analysis(command, AnalysisCells, AnalysisSteps));
                return run.Atoms * run.Steps / (run.Section("Output") * run.ProcessorFraction);
            }

            Compare("fixed CNA", "LAMMPS compute cna/atom", () => Analysis(LammpsInputs.Cna),
                () => StructureBenchmark.Fixed(Crystal.Fcc, atoms, 1));
            Compare("adaptive CNA", "LAMMPS compute cna/atom (fixed cutoff)", () => Analysis(LammpsInputs.Cna),
                () => StructureBenchmark.Adaptive(Crystal.Fcc, atoms, 1));
            Compare("adaptive CNA", "LAMMPS compute centro/atom", () => Analysis(LammpsInputs.CentroSymmetry),
                () => StructureBenchmark.Adaptive(Crystal.Fcc, atoms, 1));
            if (LammpsInputs.HasPotential)
                Compare("one iteration, Cu", "LAMMPS EAM copper step", () =>
                {
                    var run = LammpsRun.Of(lammps, LammpsInputs.Copper(CopperCells, 200));
                    return run.Atoms * run.Steps / run.ProcessorSeconds;
                }, () => Network(4 * CopperCells * CopperCells * CopperCells));
        }
        else
            Report.Say($"  LAMMPS is left out: there is no lmp; apt-get install lammps");

        MeasureTorch();
    }

    private void MeasureTorch()
    {
        const string Python = "/usr/bin/python3";
        string script = Path.Combine(ReferenceFolder.Repository, "tests", "benchmarks", "peers", "torch_nequip.py");
        if (!File.Exists(Path.Combine(ReferenceFolder.Reference, "Cu-denoiser.state_dict.pt")))
        {
            Report.Say($"  PyTorch is left out: there is no {ReferenceFolder.Reference} with the published weights");
            return;
        }

        try
        {
            ExternalProgram.Run(Python, "-c", "import torch");
        }
        catch (Exception failure) when (failure is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            Report.Say($"  PyTorch is left out: {Python} cannot import torch; apt-get install python3-torch");
            return;
        }

        JsonNode? last = null;
        Compare("one iteration, Cu", "PyTorch, plain tensor operations", () =>
        {
            last = JsonNode.Parse(ExternalProgram.Run(Python, script, ReferenceFolder.Reference, $"{TorchAtoms}", "5"))!;
            return (double)last["atoms"]! / (double)last["processor_seconds"]!;
        }, () => Network(TorchAtoms));
        Report.Say($"  PyTorch {(string?)last!["version"]}; its network agrees with the published displacements to ",
            $"{(double)last["worst_difference"]!:0.0e-0} Å");
    }

    private static NetworkBenchmark Network(int atoms) =>
        new(MeasuredNetwork.Copper, MeasuredNetwork.Copper.Width, atoms, 1);

    private void Compare(string part, string peer, Func<double> theirs, Func<Benchmark> create)
    {
        using Benchmark benchmark = create();
        benchmark.Prepare();
        benchmark.Run();
        double[] ours = new double[Turns], rates = new double[Turns];
        for (int turn = 0; turn < Turns; turn++)
        {
            ours[turn] = Measurement.Of(benchmark, SecondsPerTurn).ProcessorRate;
            rates[turn] = theirs();
        }

        Array.Sort(ours);
        Array.Sort(rates);
        double our = ours[Turns / 2], their = rates[Turns / 2];
        Report.Say($"{part,-20} {our,11:n0}   {peer,-40} {their,11:n0}   ratio {our / their:f2}");
        report.Add(("part", part), ("peer", peer), ("atoms", benchmark.Atoms), ("ours_per_cpu_s", our),
            ("theirs_per_cpu_s", their), ("ratio", our / their));
    }
}
