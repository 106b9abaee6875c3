using Denoise.Atoms;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories.Cif;

/// <summary>
/// Cuts a CIF into words (https://www.iucr.org/resources/cif/spec/version1.1/cifsyntax): comments, quotes that end only before a
/// blank, and text fields between lines that start with a semicolon.
/// </summary>
internal static class CifTokenizer
{
    private const int LongestText = 1 << 20;

    public static IEnumerable<CifToken> Read(LineScanner scanner)
    {
        while (NextLine(scanner) is { } line)
        {
            if (line.StartsWith(';'))
            {
                yield return new CifToken(CifTokenKind.Value, TextField(scanner, line), scanner.LineNumber);
                continue;
            }

            for (int at = 0; at < line.Length;)
            {
                if (char.IsWhiteSpace(line[at]))
                {
                    at++;
                    continue;
                }

                if (line[at] == '#')
                    break;
                bool quoted = line[at] is '\'' or '"';
                int end = quoted ? ClosingQuote(line, at, scanner) : WordEnd(line, at);
                string word = quoted ? line[(at + 1)..end] : line[at..end];
                at = quoted ? end + 1 : end;
                yield return quoted ? new CifToken(CifTokenKind.Value, word, scanner.LineNumber) : Word(word, scanner.LineNumber);
            }
        }
    }

    private static CifToken Word(string word, long line)
    {
        if (word[0] == '_')
            return new CifToken(CifTokenKind.Tag, word.ToLowerInvariant().Replace('.', '_'), line);
        if (word.Equals("loop_", StringComparison.OrdinalIgnoreCase))
            return new CifToken(CifTokenKind.Loop, word, line);
        bool block = word.StartsWith("data_", StringComparison.OrdinalIgnoreCase) ||
            word.StartsWith("save_", StringComparison.OrdinalIgnoreCase) || word.Equals("global_", StringComparison.OrdinalIgnoreCase);
        return new CifToken(block ? CifTokenKind.Block : CifTokenKind.Value, word, line);
    }

    private static string? NextLine(LineScanner scanner) =>
        scanner.TryReadLine(out ReadOnlySpan<byte> line) ? Utf8.String(line) : null;

    private static string TextField(LineScanner scanner, string first)
    {
        long start = scanner.LineNumber;
        List<string> lines = [first[1..]];
        long length = 0;
        while (NextLine(scanner) is { } line)
        {
            if (line.StartsWith(';'))
                return string.Join('\n', lines);
            // Of such texts none is asked for; they must not fill the memory.
            if ((length += line.Length) <= LongestText)
                lines.Add(line);
        }

        throw scanner.Fault($"the text that starts with ';' in line {start} does not end; the file was cut, complete it");
    }

    private static int ClosingQuote(string line, int start, LineScanner scanner)
    {
        for (int i = start + 1; i < line.Length; i++)
            if (line[i] == line[start] && (i + 1 == line.Length || char.IsWhiteSpace(line[i + 1])))
                return i;
        throw scanner.Fault($"the quoted text {Quote.Short(line.AsSpan(start))} does not end in its line; add the closing quote");
    }

    private static int WordEnd(string line, int start)
    {
        int end = start;
        while (end < line.Length && !char.IsWhiteSpace(line[end]))
            end++;
        return end;
    }
}
