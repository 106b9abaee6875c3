using System.CommandLine;

namespace Denoise.Cli.CommandLine;

/// <summary><c>denoise apply INPUT --model M ...</c></summary>
internal static class ApplyCommand
{
    private const string Description = """
        Moves every atom to its denoised position, identifies the structure there, and prints one line per frame.

        Denoising repeats r <- r - prediction(r) up to --steps times, or until no atom is predicted to move by --tol or more.
        Lengths are first multiplied by a factor that brings the structure to the density the model was trained at (--scale).
        """;

    private const string Examples = """
        Examples:
          denoise apply run.dump --model Cu.pt                          a table: atoms per phase, identified before and after
          denoise apply run.dump.gz --model Cu.pt -o clean.dump.gz      the same trajectory, denoised, ready for OVITO
          denoise apply Fe.xyz --model Cu.pt --scale 0.9 --json         a fixed factor; results for a script
          denoise apply silica.data --model SiO2.pt --elements Si O     the file numbers its types, the model has elements
          mpirun -n 4 denoise apply big.dump --model Cu.pt -o out.xyz   the same results on four processes

        In OVITO the columns of OUT are "Structure Type", with the colors of its own analyses, and "Displacement Magnitude".
        """;

    public static Command Create()
    {
        FrameOptions frames = new();
        DenoisingOptions denoising = new(isRequired: true);
        Command command = new("apply", Description);
        denoising.AddTo(command);
        frames.AddTo(command);
        denoising.AddRestTo(command);
        HelpWithExamples.Set(command, Examples);
        command.SetAction(parsed => AnalysisCommand.Run(() => denoising.Of(parsed, frames.Of(parsed, denoising.Method(parsed)))));
        return command;
    }
}
