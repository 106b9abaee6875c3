using System.Globalization;
using System.Text;

namespace Denoise.Fuzz.Mutation;

/// <summary>
/// Damages text as people and programs do: words replaced by others and by numbers at their ends, lines lost, doubled, exchanged and
/// taken from other files, headers that announce what does not follow, blanks of all kinds.
/// </summary>
/// <param name="words">of the format: its keywords, and things that may stand where they do not belong</param>
internal sealed class TextMutator(params string[] words) : IMutator
{
    // What stands between words, or looks as if it did.
    private static readonly byte[][] Blanks =
    [
        " "u8.ToArray(), "\t"u8.ToArray(), "  "u8.ToArray(), "\n"u8.ToArray(), "\r\n"u8.ToArray(), "\r"u8.ToArray(), "\v"u8.ToArray(), [0],
        "\u00a0"u8.ToArray(), "\ufeff"u8.ToArray(), ","u8.ToArray(), "#"u8.ToArray(), "'"u8.ToArray(), "\""u8.ToArray(), "\\"u8.ToArray(),
        "="u8.ToArray(), "{"u8.ToArray(), "}"u8.ToArray(), "["u8.ToArray(), "]"u8.ToArray(), ";"u8.ToArray(), [0xff],
    ];

    private readonly byte[][] _words = [.. words.Select(Encoding.UTF8.GetBytes)];

    public void Mutate(Draft draft, byte[] other, Random random)
    {
        for (int changes = Chance.Few(random); changes > 0; changes--)
            if (draft.Length == 0)
                draft.Set(other);
            else
                MutateOnce(draft, other, random);
    }

    private void MutateOnce(Draft draft, byte[] other, Random random)
    {
        switch (random.Next(16))
        {
            case < 4: draft.Replace(Word(draft.Bytes, random), Encoding.ASCII.GetBytes(Chance.Of(EdgeNumbers.Texts, random))); break;
            case 4: NearNumber(draft, random); break;
            case 5 when _words.Length > 0: draft.Replace(Word(draft.Bytes, random), Chance.Of(_words, random)); break;
            case 6 when _words.Length > 0: InsertWord(draft, Chance.Of(_words, random), random); break;
            case 7: draft.Replace(Word(draft.Bytes, random), draft.Bytes[Word(draft.Bytes, random)].ToArray()); break;
            case 8: InsertWord(draft, draft.Bytes[Word(draft.Bytes, random)].ToArray(), random); break;
            case 9: draft.Remove(Word(draft.Bytes, random)); break;
            case 10: draft.Remove(Lines(draft.Bytes, random)); break;
            case 11: InsertLines(draft, draft.Bytes[Lines(draft.Bytes, random)].ToArray(), random); break;
            case 12 when other.Length > 0: InsertLines(draft, other.AsSpan()[Lines(other, random)], random); break;
            case 13 when other.Length > 0: Splice(draft, other, random); break;
            case 14: ReplaceBlank(draft, random); break;
            default: ByteMutator.MutateOnce(draft, other, random); break;
        }
    }

    /// <summary>Where a word stands, or a blank if it is one that was hit.</summary>
    private static Range Word(ReadOnlySpan<byte> text, Random random)
    {
        int start = Chance.Position(text.Length, random), end = start + 1;
        while (start > 0 && IsPartOfWord(text[start - 1]))
            start--;
        while (end < text.Length && IsPartOfWord(text[end]))
            end++;
        return start..end;
    }

    private static bool IsPartOfWord(byte c) => c is > (byte)' ' and not ((byte)'"' or (byte)'\'' or (byte)'=' or (byte)',' or (byte)':');

    /// <summary>A line with its end, sometimes several.</summary>
    private static Range Lines(ReadOnlySpan<byte> text, Random random)
    {
        int at = Chance.Position(text.Length, random);
        int start = text[..at].LastIndexOf((byte)'\n') + 1, end = at;
        for (int count = random.Next(4) == 0 ? 1 + random.Next(8) : 1; count > 0 && end < text.Length; count--)
        {
            int length = text[end..].IndexOf((byte)'\n');
            end = length < 0 ? text.Length : end + length + 1;
        }

        return start..end;
    }

    private static void InsertWord(Draft draft, ReadOnlySpan<byte> word, Random random)
    {
        int at = Word(draft.Bytes, random).Start.Value;
        draft.Insert(at, " "u8);
        draft.Insert(at, word);
    }

    private static void InsertLines(Draft draft, ReadOnlySpan<byte> lines, Random random)
    {
        int at = Lines(draft.Bytes, random).Start.Value;
        int times = random.Next(4) == 0 ? 1 << random.Next(6) : 1;
        for (int k = 0; k < times; k++)
            draft.Insert(at, lines);
    }

    private static void Splice(Draft draft, byte[] other, Random random)
    {
        draft.Remove(Lines(draft.Bytes, random).Start..);
        draft.Insert(draft.Length, other.AsSpan()[Lines(other, random).Start..]);
    }

    private static void ReplaceBlank(Draft draft, Random random)
    {
        int at = Chance.Position(draft.Length, random);
        int blank = draft.Bytes[at..].IndexOfAny((byte)' ', (byte)'\n');
        if (blank >= 0)
            draft.Replace((at + blank)..(at + blank + 1), Chance.Of(Blanks, random));
    }

    /// <summary>A number becomes one a little or much larger or smaller, so that headers and bodies disagree.</summary>
    private static void NearNumber(Draft draft, Random random)
    {
        Range range = Word(draft.Bytes, random);
        if (!double.TryParse(draft.Bytes[range], CultureInfo.InvariantCulture, out double value))
            return;
        double near = random.Next(6) switch
        {
            0 => value + 1,
            1 => value - 1,
            2 => -value,
            3 => value * 10,
            4 => value / 10,
            _ => value * (1 + 1e-12),
        };
        draft.Replace(range, Encoding.ASCII.GetBytes(near.ToString(CultureInfo.InvariantCulture)));
    }
}
