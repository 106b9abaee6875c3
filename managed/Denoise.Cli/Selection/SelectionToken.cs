namespace Denoise.Cli.Selection;

/// <summary>A word of an expression.</summary>
/// <param name="Kind">what it is</param>
/// <param name="Text">as written; of a word in quotes what is between them</param>
/// <param name="Position">of its first character, from 1</param>
internal readonly record struct SelectionToken(TokenKind Kind, string Text, int Position);

internal enum TokenKind
{
    Number,
    Name,
    Word,
    Operator,
    End,
}
