using Denoise.Atoms;

namespace Denoise.Cli.Input;

/// <summary>A frame that cannot be read or analyzed, behind which the run goes on.</summary>
internal sealed class BadFrameException(string message, Exception inner) : InputException(message, inner);
