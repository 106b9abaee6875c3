using System.CommandLine;
using System.CommandLine.Invocation;

namespace Denoise.Cli.CommandLine;

/// <summary><c>denoise --version</c>.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    /// <summary>Program and version.</summary>
    public static string Text => $"denoise {typeof(VersionAction).Assembly.GetName().Version?.ToString(3)}";

    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine(Text);
        return ExitCode.Success;
    }
}
