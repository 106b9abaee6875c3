using System.CommandLine;
using System.CommandLine.Invocation;

namespace Denoise.Cli.CommandLine;

/// <summary><c>denoise --version</c>.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        Version? version = typeof(VersionAction).Assembly.GetName().Version;
        parseResult.InvocationConfiguration.Output.WriteLine($"denoise {version?.ToString(3)}");
        return ExitCode.Success;
    }
}
