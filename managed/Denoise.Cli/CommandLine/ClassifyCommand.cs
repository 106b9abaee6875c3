using System.CommandLine;
using Denoise.Cli.Analysis;

namespace Denoise.Cli.CommandLine;

/// <summary><c>denoise classify INPUT ...</c></summary>
internal static class ClassifyCommand
{
    private const string Description = """
        Identifies the structure of every atom where it is, without denoising, and prints one line per frame.

        acna is OVITO's adaptive common neighbor analysis; cna:RC is common neighbor analysis with a fixed cutoff, as in
        LAMMPS's "compute cna/atom": between the first and second neighbors, for fcc 0.8536 a, for bcc 1.207 a.
        """;

    private const string Examples = """
        Examples:
          denoise classify run.dump
          denoise classify run.dump --method cna:3.08 -o classified.dump
          denoise classify POSCAR --json
        """;

    public static Command Create()
    {
        Option<StructureMethod> method = new("--method")
        {
            HelpName = "acna|cna:RC",
            Description = "Adaptive common neighbor analysis, or with a fixed cutoff RC in the file's unit of length [default: acna].",
            CustomParser = OptionParsers.Method,
        };
        FrameOptions frames = new();
        Command command = new("classify", Description) { method };
        frames.AddTo(command);
        HelpWithExamples.Set(command, Examples);
        command.SetAction(parsed => AnalysisCommand.Run(() => frames.Of(parsed, parsed.GetValue(method) ?? StructureMethod.Adaptive)));
        return command;
    }
}
