namespace Denoise.Cli;

/// <summary>What the program tells the shell.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The work could not be done: a file, an atom, a model is wrong.</summary>
    public const int Failed = 1;

    /// <summary>The command line could not be understood; nothing was begun.</summary>
    public const int Usage = 2;
}
