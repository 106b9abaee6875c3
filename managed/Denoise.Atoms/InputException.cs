namespace Denoise.Atoms;

/// <summary>
/// Something that the user gave is wrong: a file, a keyword, a number. The message is one sentence (or two) that names the
/// place (file and line, or keyword), the problem and the remedy; it is shown as it stands, without a stack trace. It is one
/// line whatever it quotes: names and words of files may hold anything.
/// </summary>
public class InputException : Exception
{
    public InputException(string message) : base(Quote.OneLine(message)) { }

    public InputException(string message, Exception inner) : base(Quote.OneLine(message), inner) { }
}
