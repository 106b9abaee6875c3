using System.CommandLine;
using Denoise.Cli.Analysis;

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
        Argument<string> input = SharedOptions.Input();
        Option<string> model = new("--model", "-m")
        {
            HelpName = "FILE",
            Description = "The score network, a PyTorch checkpoint (.pt); 'denoise info FILE' shows what it holds.",
            Required = true,
        };
        Option<int> steps = new("--steps")
        {
            HelpName = "S",
            Description = $"Most denoising iterations [default: {InSitu.SessionOptions.DefaultMaxIterations}].",
            CustomParser = OptionParsers.PositiveInteger,
        };
        Option<double> tolerance = new("--tol")
        {
            HelpName = "D",
            Description = "Stop when the largest predicted displacement is below D Å, in the model's lengths; negative: never "
                + $"[default: {InSitu.SessionOptions.DefaultTolerance}].",
            CustomParser = OptionParsers.Distance,
        };
        Option<double> scale = new("--scale")
        {
            HelpName = "auto|F",
            Description = "Factor on lengths before the model sees them; auto finds it from the structure [default: auto].",
            CustomParser = OptionParsers.Scale,
        };
        Option<string[]> elements = new("--elements")
        {
            HelpName = "E1 E2 ...",
            Description = "Chemical symbol of atom type 1, 2, ..., where the file does not say; NULL: atoms of this type are not seen. "
                + "A model of one species takes any element.",
            AllowMultipleArgumentsPerToken = true,
            CustomParser = OptionParsers.Elements,
        };
        Option<StructureMethod> classify = new("--classify")
        {
            HelpName = "acna|cna:RC|none",
            Description = "How structures are identified: adaptive common neighbor analysis, the same with a fixed cutoff RC, "
                + "or not at all [default: acna].",
            CustomParser = OptionParsers.MethodOrNone,
        };
        Option<int> threads = SharedOptions.Threads();
        Option<long> memory = SharedOptions.Memory();
        Option<string> output = SharedOptions.Output();
        Option<bool> force = SharedOptions.Force();
        Option<bool> json = SharedOptions.Json();

        Command command = new("apply", Description)
        {
            input, model, steps, tolerance, scale, elements, classify, threads, memory, output, force, json,
        };
        SharedOptions.KeepApart(command, output, json);
        ModelOptions modelOptions = new();
        modelOptions.AddTo(command);
        HelpWithExamples.Set(command, Examples);
        command.SetAction(parsed => AnalysisCommand.Run(new AnalysisOptions
        {
            Input = parsed.GetRequiredValue(input),
            Model = parsed.GetRequiredValue(model),
            ModelOptions = modelOptions.Of(parsed),
            MaxIterations = parsed.GetResult(steps) is null ? InSitu.SessionOptions.DefaultMaxIterations : parsed.GetValue(steps),
            Tolerance = parsed.GetResult(tolerance) is null ? InSitu.SessionOptions.DefaultTolerance : parsed.GetValue(tolerance),
            Scale = parsed.GetValue(scale),
            Elements = parsed.GetValue(elements) ?? [],
            Method = parsed.GetValue(classify) ?? StructureMethod.Adaptive,
            Threads = parsed.GetResult(threads) is null ? null : parsed.GetValue(threads),
            MemoryLimit = parsed.GetValue(memory),
            Output = parsed.GetValue(output),
            Force = parsed.GetValue(force),
            Json = parsed.GetValue(json),
        }));
        return command;
    }
}
