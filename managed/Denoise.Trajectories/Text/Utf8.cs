using System.Text;

namespace Denoise.Trajectories.Text;

/// <summary>Small helpers on UTF-8 bytes.</summary>
internal static class Utf8
{
    // Of a line of megabytes no more is decoded than a message may show.
    private const int MostQuoted = 1024;

    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t\r\n"u8);

    public static string String(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text);

    /// <summary>For messages.</summary>
    public static string Quote(ReadOnlySpan<byte> text) =>
        Denoise.Atoms.Quote.Of(Encoding.UTF8.GetString(text[..Math.Min(text.Length, MostQuoted)]));

    public static unsafe string Quote(byte* start, byte* end) => Quote(new ReadOnlySpan<byte>(start, (int)(end - start)));

    /// <summary>Whether a text starts with a word that ends there or at a blank.</summary>
    public static bool StartsWithWord(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) =>
        text.StartsWith(word) && (text.Length == word.Length || Fields.IsBlank(text[word.Length]));
}
