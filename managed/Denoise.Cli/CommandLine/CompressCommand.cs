using System.CommandLine;
using System.Globalization;
using Denoise.Atoms;
using Denoise.Cli.Files;
using Denoise.Cli.Input;
using Denoise.Trajectories;
using Denoise.Trajectories.Compressed;

namespace Denoise.Cli.CommandLine;

/// <summary><c>denoise compress INPUT... -o OUT.dnz</c></summary>
internal static class CompressCommand
{
    private const string Description = """
        Writes a trajectory as .dnz, with every coordinate within a bound of the original, or bit for bit.

        All commands read .dnz files; "denoise expand" turns them into what other programs read.
        """;

    private const string Examples = """
        Examples:
          denoise compress run.dump -o small.dnz --bound 0.01              every coordinate within 0.01 Å
          denoise compress run.dump -o all.dnz --lossless                  every number bit for bit
          denoise compress clean.dump.gz -o clean.dnz --structure 0.01     what 'denoise apply' wrote: sites, structure types, mean noise
          denoise compress run.dump -o some.dnz --bound 0.01 --frames ::2  every other frame

        Velocities within 0.01 of theirs: --column-bound vx=0.01,vy=0.01,vz=0.01.
        """;

    public static Command Create()
    {
        Argument<string[]> files = new("INPUT")
        {
            Description = "Any files that 'denoise apply' reads; several are one trajectory.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string> output = new("--output", "-o")
        {
            HelpName = "OUT.dnz",
            Description = "The file to write; it appears when it is complete.",
            Required = true,
            CustomParser = OptionParsers.FileName,
        };
        Option<double?> bound = Bound("--bound", "Keep every coordinate within E of the original, in the file's unit of length.");
        Option<double?> structure = Bound("--structure",
            "Of frames that 'denoise apply' wrote keep positions within E, structure types, and the mean displacement of each block.");
        Option<bool> lossless = new("--lossless") { Description = "Keep every number bit for bit." };
        Option<bool> noIds = new("--no-ids") { Description = "Number atoms anew, where it does not matter which is which." };
        Option<string[]> columns = new("--columns")
        {
            HelpName = "A,B,...",
            Description = "Further columns to keep [default: all]; none keeps none.",
            CustomParser = OptionParsers.Names,
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = false,
        };
        Option<string[]> columnBounds = new("--column-bound")
        {
            HelpName = "NAME=E,...",
            Description = "Keep the values of a column within E, not bit for bit.",
            CustomParser = OptionParsers.Names,
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = false,
        };
        Option<FrameRange?> frames = new("--frames")
        {
            HelpName = "A:B:S",
            Description = "Frames A, A + S, ... before B, counted from 0.",
            CustomParser = OptionParsers.Frames,
        };
        Option<int> keyEvery = new("--key-every")
        {
            HelpName = "K",
            Description = "Frames from one that needs no other to the next [default: 64].",
            CustomParser = OptionParsers.PositiveInteger,
        };
        Option<bool> force = new("--force") { Description = "Replace a file that exists already." };
        Command command = new("compress", Description)
        {
            files, output, bound, structure, lossless, noIds, columns, columnBounds, frames, keyEvery, force,
        };
        command.Validators.Add(result =>
        {
            int modes = new Option[] { bound, structure, lossless }.Count(option => result.GetResult(option) is { Implicit: false });
            if (modes != 1)
                result.AddError("Give one of --bound E, --structure E and --lossless.");
        });
        HelpWithExamples.Set(command, Examples);
        command.SetAction(parsed =>
        {
            double? largest = parsed.GetValue(bound) ?? parsed.GetValue(structure);
            DnzOptions options = new()
            {
                Mode = parsed.GetValue(lossless) ? DnzMode.Lossless
                    : parsed.GetValue(structure) is null ? DnzMode.Bound : DnzMode.Structure,
                Bound = largest ?? 0,
                KeepsIds = !parsed.GetValue(noIds),
                ColumnBounds = ColumnBounds(parsed.GetValue(columnBounds) ?? []),
            };
            if (parsed.GetValue(keyEvery) is > 0 and var every)
                options = options with { KeyEvery = every };
            return CompressRun.Run(InputFiles.Expand(parsed.GetRequiredValue(files)), parsed.GetRequiredValue(output), options,
                parsed.GetValue(columns), parsed.GetValue(frames) ?? FrameRange.All, parsed.GetValue(force));
        });
        return command;
    }

    private static Option<double?> Bound(string name, string description) => new(name)
    {
        HelpName = "E",
        Description = description,
        CustomParser = result => OptionParsers.PositiveNumber(result),
    };

    private static Dictionary<string, double> ColumnBounds(string[] words)
    {
        Dictionary<string, double> bounds = [];
        foreach (string word in words)
        {
            int equals = word.LastIndexOf('=');
            if (equals < 1 || !double.TryParse(word.AsSpan(equals + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out double bound)
                || !(bound > 0 && double.IsFinite(bound)))
                throw new InputException($"--column-bound: {Quote.Of(word)} is not the name of a column and its largest error, as vx=0.01");
            bounds[ColumnNames.OfFrame(word[..equals])] = bound;
        }

        return bounds;
    }
}
