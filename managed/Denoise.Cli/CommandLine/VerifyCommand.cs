using System.CommandLine;
using Denoise.Cli.Files;

namespace Denoise.Cli.CommandLine;

/// <summary><c>denoise verify INPUT.dnz</c></summary>
internal static class VerifyCommand
{
    private const string Description = """
        Reads a .dnz file to its end, checks every checksum, and, beside the original, whether the promised bound holds of every atom.
        """;

    private const string Examples = """
        Examples:
          denoise verify run.dnz
          denoise verify run.dnz --against run.dump
        """;

    public static Command Create()
    {
        Argument<string> file = new("INPUT") { Description = "A .dnz file." };
        Option<string> original = new("--against")
        {
            HelpName = "FILE",
            Description = "What it was made from.",
            CustomParser = OptionParsers.FileName,
        };
        Command command = new("verify", Description) { file, original };
        HelpWithExamples.Set(command, Examples);
        command.SetAction(parsed => VerifyRun.Run(parsed.GetRequiredValue(file), parsed.GetValue(original)));
        return command;
    }
}
