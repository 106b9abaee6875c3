using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.CompilerServices;

namespace Denoise.Cli.CommandLine;

/// <summary>The help of a command, followed by examples: what most people look for first.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    private static readonly ConditionalWeakTable<Command, Addition> Additions = [];

    public override bool ClearsParseErrors => true;

    /// <param name="command">whose help it is</param>
    /// <param name="text">of the examples</param>
    /// <param name="complete">writes what takes time to find out into the descriptions: not at every start of the program</param>
    public static void Set(Command command, string text, Action? complete = null) => Additions.AddOrUpdate(command, new(text, complete));

    public override int Invoke(ParseResult parseResult)
    {
        Additions.TryGetValue(parseResult.CommandResult.Command, out Addition? addition);
        addition?.Complete?.Invoke();
        int code = help.Invoke(parseResult);
        if (addition is not null)
            parseResult.InvocationConfiguration.Output.WriteLine(addition.Text);
        return code;
    }

    private sealed record Addition(string Text, Action? Complete);
}
