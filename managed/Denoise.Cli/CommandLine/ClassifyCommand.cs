using System.CommandLine;
using Denoise.Cli.Analysis;

namespace Denoise.Cli.CommandLine;

/// <summary><c>denoise classify INPUT ...</c></summary>
internal static class ClassifyCommand
{
    private const string Description = """
        Identifies the structure of every atom where it is, without denoising, and prints one line per frame.

        acna is OVITO's adaptive common neighbor analysis; cna:RC is common neighbor analysis with a fixed cutoff, as in
        LAMMPS's "compute cna/atom": between the first and second neighbors, for fcc 0.8536 a, for bcc 1.207 a. model is what
        the network of --model says of the atoms where they are; one that denoises, too, knows better after denoising (apply).
        """;

    private const string Examples = """
        Examples:
          denoise classify run.dump
          denoise classify run.dump --method cna:3.08 -o classified.dump
          denoise classify run.dump --model names.pt
          denoise classify POSCAR --json
        """;

    private static StructureMethod Default(bool hasModel) => hasModel ? StructureMethod.Model : StructureMethod.Adaptive;

    public static Command Create()
    {
        Option<StructureMethod> method = new("--method")
        {
            HelpName = "acna|cna:RC|map:FILE|model",
            Description = "Adaptive common neighbor analysis, or with a fixed cutoff RC in the file's unit of length, or by images of "
                + "neighborhoods (see 'train --maps'), or what the network "
                + "says [default: model where there is one, else acna].",
            CustomParser = OptionParsers.Method,
        };
        FrameOptions frames = new();
        DenoisingOptions naming = new(isRequired: false, moves: false);
        Command command = new("classify", Description) { method };
        naming.AddTo(command);
        frames.AddTo(command);
        naming.AddRestTo(command);
        HelpWithExamples.Set(command, Examples);
        command.SetAction(parsed => AnalysisCommand.Run(
            () => naming.Of(parsed, frames.Of(parsed, parsed.GetValue(method) ?? Default(parsed.GetResult(naming.Model) is not null)))));
        return command;
    }
}
