using Denoise.Atoms;

namespace Denoise.Cli.Selection;

/// <summary>Cuts an expression into its words.</summary>
internal static class SelectionLexer
{
    private const int LongestExpression = 10_000;

    private static readonly string[] Operators =
        ["&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "+", "-", "*", "/", "%", "(", ")", ","];

    /// <exception cref="InputException">a character that means nothing</exception>
    public static List<SelectionToken> Tokens(string text)
    {
        if (text.Length > LongestExpression)
            throw new InputException($"--select: an expression of {text.Length} characters is too long; {LongestExpression} are the most.");
        List<SelectionToken> tokens = [];
        for (int i = 0; i < text.Length;)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                i++;
                continue;
            }

            SelectionToken token = Next(text, i, out i);
            tokens.Add(token);
        }

        tokens.Add(new(TokenKind.End, "", text.Length + 1));
        return tokens;
    }

    public static InputException Wrong(int position, string problem) => new($"--select: at character {position}: {problem}.");

    private static SelectionToken Next(string text, int start, out int end)
    {
        char c = text[start];
        if (char.IsAsciiDigit(c) || (c == '.' && start + 1 < text.Length && char.IsAsciiDigit(text[start + 1])))
        {
            end = NumberEnd(text, start);
            return new(TokenKind.Number, text[start..end], start + 1);
        }

        if (char.IsLetter(c) || c == '_')
        {
            end = NameEnd(text, start);
            return new(TokenKind.Name, text[start..end], start + 1);
        }

        if (c is '"' or '\'')
        {
            int close = text.IndexOf(c, start + 1);
            if (close < 0)
                throw Wrong(start + 1, $"the quote {c} is not closed");
            end = close + 1;
            return new(TokenKind.Word, text[(start + 1)..close], start + 1);
        }

        foreach (string known in Operators)
            if (string.CompareOrdinal(text, start, known, 0, known.Length) == 0)
            {
                end = start + known.Length;
                return new(TokenKind.Operator, known, start + 1);
            }

        throw Wrong(start + 1, c switch
        {
            '=' => "'=' compares nothing; write '=='",
            '&' => "'&' is no operator; write '&&'",
            '|' => "'|' is no operator; write '||'",
            _ => $"{Quote.Of(text.AsSpan(start, 1))} means nothing here",
        });
    }

    private static int NumberEnd(string text, int i)
    {
        while (i < text.Length && (char.IsAsciiDigit(text[i]) || text[i] == '.'))
            i++;
        if (i >= text.Length || text[i] is not ('e' or 'E'))
            return i;
        int exponent = i + 1;
        if (exponent < text.Length && text[exponent] is '+' or '-')
            exponent++;
        if (exponent >= text.Length || !char.IsAsciiDigit(text[exponent]))
            return i;
        while (exponent < text.Length && char.IsAsciiDigit(text[exponent]))
            exponent++;
        return exponent;
    }

    /// <summary>Letters, digits, _ and points; then, of a component of a vector, its number in brackets.</summary>
    private static int NameEnd(string text, int i)
    {
        while (i < text.Length && (char.IsLetterOrDigit(text[i]) || text[i] is '_' or '.'))
            i++;
        if (i >= text.Length || text[i] != '[')
            return i;
        int close = text.IndexOf(']', i);
        return close < 0 ? throw Wrong(i + 1, "'[' is not closed") : close + 1;
    }
}
