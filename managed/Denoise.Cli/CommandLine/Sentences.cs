using System.CommandLine;
using System.CommandLine.Parsing;
using Denoise.Atoms;

namespace Denoise.Cli.CommandLine;

/// <summary>Failures as the user reads them: one sentence, no type names, no stack trace.</summary>
internal static class Sentences
{
    /// <summary>Set to see where an unexpected failure comes from, for a report.</summary>
    public const string DebugVariable = "DENOISE_DEBUG";

    private static bool IsDebugging => Environment.GetEnvironmentVariable(DebugVariable) is { Length: > 0 };

    // Of a message; beyond it there are only quotes of what was given.
    private const int LongestBeginning = 700;
    private const int LongestEnd = 300;

    /// <summary>Without the middle, if a message quotes kilobytes.</summary>
    public static string Shortened(string sentence) => sentence.Length <= LongestBeginning + LongestEnd || IsDebugging
        ? sentence
        : $"{sentence[..LongestBeginning]} ... {sentence[^LongestEnd..]}";

    /// <summary>What is wrong with a command line; the most specific of several errors.</summary>
    public static string OfUsage(ParseResult parsed)
    {
        if (parsed.CommandResult.Command is RootCommand root)
        {
            string known = string.Join(", ", root.Subcommands.Select(command => command.Name));
            return parsed.UnmatchedTokens.Count > 0
                ? $"{Quote.Of(parsed.UnmatchedTokens[0])} is not a command; the commands are {known}."
                : $"no command; the commands are {known}.";
        }

        // A mistyped option counts as a word, and leads to other errors; it is their cause.
        string name = parsed.CommandResult.Command.Name;
        foreach (Token token in parsed.Tokens)
            if (token.Type == TokenType.Argument && token.Value.StartsWith("--", StringComparison.Ordinal))
                return $"{Quote.Of(token.Value)} is not an option of '{name}'.";
        if (parsed.UnmatchedTokens.Count > 0)
            return $"{Quote.Of(parsed.UnmatchedTokens[0])} is one word too many: '{name}' takes " +
                (parsed.CommandResult.Command.Arguments.Count == 0 ? "options only." : "one file.");
        // Ours, on values, begin with the option; "--elements Cu run.dump" leaves INPUT missing for a reason that they give.
        foreach (ParseError error in parsed.Errors)
            if (error.Message.StartsWith("--", StringComparison.Ordinal))
                return error.Message;
        foreach (ParseError error in parsed.Errors)
            if (error.Message.StartsWith($"'{name}' needs ", StringComparison.Ordinal))
                return error.Message;
        foreach (Argument argument in parsed.CommandResult.Command.Arguments)
            if (parsed.GetResult(argument) is null or { Tokens.Count: 0 })
                if (argument.Arity.MinimumNumberOfValues > 0)
                    return $"'{name}' needs {argument.Name}, the name of a file.";
        return parsed.Errors[0].Message;
    }

    public static string OfFailure(Exception failure)
    {
        string sentence = failure switch
        {
            InputException => failure.Message,
            OutOfMemoryException => "out of memory; use a machine with more, or more processes on several machines.",
            IOException or UnauthorizedAccessException => failure.Message,
            _ => $"a mistake in this program: {failure.Message} ({failure.GetType().Name}). " +
                $"Please report it with the output of {DebugVariable}=1 denoise ...",
        };
        return IsDebugging ? $"{sentence}\n{failure}" : sentence;
    }
}
