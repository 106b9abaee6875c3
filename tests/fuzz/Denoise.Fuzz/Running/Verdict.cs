using System.Diagnostics;
using Denoise.Atoms;
using Denoise.Fuzz.Targets;
using Denoise.InSitu;

namespace Denoise.Fuzz.Running;

/// <summary>What is to be said of an execution.</summary>
/// <param name="Kind">of finding: exception, promise, message, slow, memory, hang, crash; null: all is well</param>
/// <param name="Cause">the same for findings that have one cause, as far as one can tell</param>
/// <param name="Text">for people</param>
internal sealed record Verdict(string? Kind, string Cause, string Text)
{
    private const int FramesOfCause = 3;

    public static readonly Verdict Good = new(null, "", "read to its end");

    public bool IsFinding => Kind is not null;

    /// <summary>How an exception that left a target is to be seen.</summary>
    public static Verdict Of(Exception failure) => failure switch
    {
        SessionException { Error: SessionError.Internal } => Unexpected(failure.InnerException ?? failure),
        SessionException { InnerException: OutOfMemoryException late } => Unexpected(late),
        InputException => OfMessage(failure),
        _ => Unexpected(failure),
    };

    /// <summary>A refusal is as it should be if its sentence can be read.</summary>
    private static Verdict OfMessage(Exception refusal)
    {
        string message = refusal.Message;
        string? wrong = message.Length == 0 ? "is empty"
            : message.Length > Limits.MessageCharacters ? $"has {message.Length} characters"
            : message.Any(char.IsControl) ? "holds control characters"
            : null;
        return wrong is null
            ? new(null, "", "refused: " + message)
            : new("message", Place(refusal), $"the message {wrong}:\n{message[..Math.Min(message.Length, 4000)]}\n\n{refusal.StackTrace}");
    }

    private static Verdict Unexpected(Exception failure) => failure is BrokenPromise
        ? new("promise", new([.. failure.Message.Where(c => !char.IsAsciiDigit(c)).Take(64)]), failure.ToString())
        : new("exception", $"{failure.GetType().Name} {Place(failure)}", failure.ToString());

    /// <summary>The innermost methods of ours.</summary>
    private static string Place(Exception failure) => string.Join(" < ", new StackTrace(failure).GetFrames()
        .Select(frame => frame.GetMethod()!)
        .Where(method => method.DeclaringType?.Namespace?.StartsWith("Denoise.", StringComparison.Ordinal) == true)
        .Take(FramesOfCause)
        .Select(method => $"{method.DeclaringType!.Name}.{method.Name}"));
}
