using System.CommandLine;
using Denoise.Cli.Output;
using Denoise.Structure.Analyses;

namespace Denoise.Cli.CommandLine;

/// <summary><c>denoise analyze INPUT ... --with SPEC ...</c></summary>
internal static class AnalyzeCommand
{
    private const string Description = """
        Computes what is asked for of every frame, of denoised atoms where a model is given, and writes the frames with it as columns.

        Under mpirun frames are shared out, or each frame is cut into domains; the output is the same. While the frames are written they
        are in OUT.part; an interrupted run goes on with --resume.
        """;

    private const string Examples = """
        Examples:
          denoise analyze run.dump --with coordination:cutoff=3.2 -o out.dump
          denoise analyze 'run.*' --with rdf:cutoff=6,bins=120 --csv rdf.csv
          denoise analyze run.dump --model Cu.pt --select 'structure_type == 0' -o defects.dump.gz
          denoise analyze run.dump --every 10 --columns structure_type,coordination --with coordination:cutoff=3.2 -o few.xyz
          mpirun -n 4 denoise analyze run.dump --model Cu.pt --csv phases.csv -o clean.dump.zst
          denoise analyze run.dump --model Cu.pt --skip-bad --resume -o clean.dump.zst

        docs/analyze.md tells of everything; 'denoise analyze --list' of what --with takes.
        """;

    public static Command Create()
    {
        FrameOptions frames = new();
        DenoisingOptions denoising = new(isRequired: false);
        Option<bool> list = new("--list") { Description = "Print what --with can compute." };
        Command command = new("analyze", Description);
        denoising.AddTo(command);
        frames.AddTo(command, instead: list);
        command.Add(list);
        denoising.AddRestTo(command);
        HelpWithExamples.Set(command, Examples);
        command.SetAction(parsed => parsed.GetValue(list)
            ? List()
            : AnalysisCommand.Run(() => denoising.Of(parsed, frames.Of(parsed, denoising.Method(parsed))) with
            {
                IsFull = true,
                IsResumable = true,
            }));
        return command;
    }

    private static int List()
    {
        TextWriter output = StandardStreams.CreateOutput();
        foreach (AnalysisKind kind in AnalysisCatalog.All)
            output.WriteLine($"{kind.Usage}\n    {kind.Summary}");
        output.WriteLine("\nEach takes on=raw: of the positions before denoising.");
        output.Flush();
        return ExitCode.Success;
    }
}
