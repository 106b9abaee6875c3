using System.Text;

namespace Denoise.Atoms;

/// <summary>Text from a file or a command line as messages show it: in quotes, shortened, control characters made visible.</summary>
public static class Quote
{
    private const int Longest = 60;

    /// <summary>The text in single quotes.</summary>
    public static string Of(ReadOnlySpan<char> text) => $"'{Short(text)}'";

    /// <summary>The same without quotes, for a word that stands for itself.</summary>
    public static string Short(ReadOnlySpan<char> text)
    {
        bool isLong = text.Length > Longest;
        StringBuilder shown = new();
        foreach (char c in isLong ? text[..Longest] : text)
            shown.Append(char.IsControl(c) || c == '\uFFFD' ? '?' : c);
        // Half of a surrogate pair is no text.
        if (isLong && char.IsHighSurrogate(shown[^1]))
            shown.Length--;
        return shown.Append(isLong ? "..." : "").ToString();
    }

    /// <summary>A sentence with its control characters made visible.</summary>
    public static string OneLine(string sentence) => sentence.Any(char.IsControl)
        ? string.Create(sentence.Length, sentence, (line, from) =>
        {
            for (int i = 0; i < line.Length; i++)
                line[i] = char.IsControl(from[i]) ? '?' : from[i];
        })
        : sentence;
}
