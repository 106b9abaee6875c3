using System.CommandLine;
using Denoise.Cli.Analysis;
using Denoise.Cli.Input;
using Denoise.Cli.Report;
using Denoise.Structure.Analyses;

namespace Denoise.Cli.CommandLine;

/// <summary><c>denoise report RUN... -o report.html</c></summary>
internal static class ReportCommand
{
    private const string Description = """
        Writes one HTML file with charts and a 3-D view of what runs gave; a browser shows it, without a network.

        RUN is a table (of the fix, of 'denoise analyze --csv', of a training) or a trajectory. Trajectories are read as one; their atoms
        are denoised where --model is given, and as the file has them otherwise.
        """;

    private const string Examples = """
        Examples:
          denoise report melt.csv melt.dump -o report.html          what the fix wrote
          denoise report run.dump --model Cu.pt -o report.html      before and after denoising
          denoise report run.dump --with rdf:cutoff=6 -o rdf.html   radial distributions
          denoise report names.log.csv names.validation.csv -o training.html

        docs/report.md tells what is shown.
        """;

    public static Command Create()
    {
        Argument<string[]> files = new("RUN")
        {
            Description = "Tables, and any files that 'denoise apply' reads; patterns such as 'run.*.dump' may be quoted.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string> output = new("--output", "-o")
        {
            HelpName = "OUT.html",
            Description = "The file to write; it appears when it is complete, in the place of an earlier report under that name.",
            Required = true,
            CustomParser = OptionParsers.OutputFile,
        };
        Option<string> title = new("--title") { HelpName = "TEXT", Description = "Heading of the page [default: the first file's name]." };
        Option<string[]> with = new("--with")
        {
            HelpName = "SPEC",
            Description = "Compute this of the frames, too, such as rdf:cutoff=6; may be repeated. 'denoise analyze --list' has all.",
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = false,
        };
        Option<FrameRange?> frames = new("--frames")
        {
            HelpName = "A:B:S",
            Description = "Frames A, A + S, ... before B of the trajectories, counted from 0.",
            CustomParser = OptionParsers.Frames,
        };
        Option<string[]> sites = SharedOptions.Sites();
        Option<string> topology = SharedOptions.Topology();
        Option<int> scenes = new("--scenes")
        {
            HelpName = "N",
            Description = "Frames that the 3-D view holds at most, evenly spread, the last among them; 0: no view "
                + $"[default: {ReportOptions.DefaultScenes}].",
            CustomParser = OptionParsers.WholeNumber,
        };
        Option<int> atoms = new("--atoms")
        {
            HelpName = "N",
            Description = "Atoms of a frame that it holds at most; of larger frames it shows a block from the middle of the box "
                + $"[default: {ReportOptions.DefaultAtoms}].",
            CustomParser = OptionParsers.PositiveInteger,
        };
        Option<int> threads = SharedOptions.Threads();
        Option<long> memory = SharedOptions.Memory();
        Option<bool> force = SharedOptions.Force();
        DenoisingOptions denoising = new(isRequired: false);
        Command command = new("report", Description) { files, output, title };
        denoising.AddTo(command);
        foreach (Option option in (Option[])[with, sites, topology, frames, scenes, atoms, threads, memory, force])
            command.Add(option);
        SharedOptions.OneOf(command, sites, topology);
        denoising.AddRestTo(command);
        HelpWithExamples.Set(command, Examples);
        command.SetAction(parsed =>
        {
            string[] analyses = parsed.GetValue(with) ?? [];
            IReadOnlyList<string> inputs = InputFiles.Expand(parsed.GetRequiredValue(files));
            string path = parsed.GetRequiredValue(output);
            return ReportRun.Run(new()
            {
                Files = inputs,
                Output = path,
                Title = parsed.GetValue(title),
                Force = parsed.GetValue(force),
                Scenes = parsed.GetResult(scenes) is null ? ReportOptions.DefaultScenes : parsed.GetValue(scenes),
                Atoms = parsed.GetResult(atoms) is null ? ReportOptions.DefaultAtoms : parsed.GetValue(atoms),
                Analysis = denoising.Of(parsed, new AnalysisOptions
                {
                    Files = [],
                    Frames = parsed.GetValue(frames) ?? FrameRange.All,
                    Method = denoising.Method(parsed),
                    Analyses = analyses,
                    Sites = parsed.GetValue(sites) ?? [],
                    Topology = parsed.GetValue(topology),
                    Memory = AnalysisCatalog.MemoryOf(analyses),
                    Threads = parsed.GetResult(threads) is null ? Environment.ProcessorCount : parsed.GetValue(threads),
                    MemoryLimit = parsed.GetValue(memory),
                    // Columns of the results are wanted, as for a file of frames.
                    Output = path,
                    IsFull = true,
                }),
            });
        });
        return command;
    }
}
