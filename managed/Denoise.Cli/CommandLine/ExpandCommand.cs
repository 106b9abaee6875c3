using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Denoise.Atoms;
using Denoise.Cli.Files;
using Denoise.Cli.Input;

namespace Denoise.Cli.CommandLine;

/// <summary><c>denoise expand INPUT -o OUT</c></summary>
internal static class ExpandCommand
{
    private const string Description = """
        Writes the frames of a .dnz file, or of any other that is read, in a format that other programs read.
        """;

    private const string Examples = """
        Examples:
          denoise expand run.dnz -o all.dump
          denoise expand run.dnz -o last.xyz.gz --frames 1:
          denoise expand run.dnz -o corner.dump --region 0:20,0:20,0:20
          denoise expand run.dnz -o whole.dump --salvage                   what is whole, if the file was damaged or cut
        """;

    public static Command Create()
    {
        Argument<string> file = new("INPUT") { Description = "A .dnz file, or any file that 'denoise apply' reads." };
        Option<string> output = new("--output", "-o")
        {
            HelpName = "OUT",
            Description = ExpandRun.Outputs,
            Required = true,
            CustomParser = OptionParsers.OutputFile,
        };
        Option<FrameRange?> frames = new("--frames")
        {
            HelpName = "A:B:S",
            Description = "Frames A, A + S, ... before B, counted from 0.",
            CustomParser = OptionParsers.Frames,
        };
        Option<(Vec3, Vec3)?> region = new("--region")
        {
            HelpName = "X0:X1,Y0:Y1,Z0:Z1",
            Description = "Only atoms with positions in these ranges, in the file's unit of length; a limit may be left out.",
            CustomParser = Region,
        };
        Option<bool> salvage = new("--salvage") { Description = "Of frames that are damaged or cut write the atoms that are whole." };
        Option<int?> resample = new("--resample")
        {
            HelpName = "SEED",
            Description = "Give denoised positions of a file of 'denoise compress --structure' noise again, drawn anew.",
            CustomParser = result => OptionParsers.WholeNumber(result),
        };
        Option<bool> force = SharedOptions.Force();
        Command command = new("expand", Description) { file, output, frames, region, salvage, resample, force };
        HelpWithExamples.Set(command, Examples);
        command.SetAction(parsed => new ExpandRun
        {
            Input = parsed.GetRequiredValue(file),
            Output = parsed.GetRequiredValue(output),
            Range = parsed.GetValue(frames) ?? FrameRange.All,
            Region = parsed.GetValue(region),
            Salvages = parsed.GetValue(salvage),
            Seed = parsed.GetValue(resample),
            Force = parsed.GetValue(force),
        }.Run());
        return command;
    }

    private static (Vec3, Vec3)? Region(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        string[] axes = text.Split(',');
        Span<double> low = stackalloc double[3], high = stackalloc double[3];
        bool isGood = axes.Length == 3;
        for (int a = 0; a < 3 && isGood; a++)
        {
            string[] ends = axes[a].Split(':');
            isGood = ends.Length == 2 && TryEnd(ends[0], double.NegativeInfinity, out low[a]) &&
                TryEnd(ends[1], double.PositiveInfinity, out high[a]) && low[a] < high[a];
        }

        if (isGood)
            return (new(low[0], low[1], low[2]), new(high[0], high[1], high[2]));
        result.AddError($"--region: {Quote.Of(text)} is not three ranges such as 0:20,0:20,:5.5.");
        return null;
    }

    private static bool TryEnd(string text, double missing, out double value)
    {
        value = missing;
        return text.Length == 0 ||
            (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value));
    }
}
